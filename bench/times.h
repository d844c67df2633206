// SPDX-License-Identifier: Apache-2.0
// Times of many jobs one by one, and a row of a Markdown table with them.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace entente::bench {

struct Times {
    std::vector<double> us;
    /// What the job gives, if anything.
    template <class Job>
    decltype(auto) time(Job job) {
        const auto begin = std::chrono::steady_clock::now();
        const Ended ended{*this, begin};
        return job();
    }
    /// `what`, how many, and in microseconds p50, p99, p99.9 and the most.
    void row(const char* what) {
        std::sort(us.begin(), us.end());
        const auto at = [&](double share) {
            return us[static_cast<std::size_t>(share * static_cast<double>(us.size() - 1))];
        };
        std::printf("| %s | %zu | %.1f | %.1f | %.1f | %.1f |\n", what, us.size(), at(0.5),
                    at(0.99), at(0.999), us.back());
    }

  private:
    struct Ended {
        Times& times;
        std::chrono::steady_clock::time_point begin;
        ~Ended() {
            const auto end = std::chrono::steady_clock::now();
            times.us.push_back(std::chrono::duration<double, std::micro>(end - begin).count());
        }
    };
};

}  // namespace entente::bench
