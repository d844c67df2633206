// SPDX-License-Identifier: Apache-2.0
#include "index/codes.h"

#include <algorithm>
#include <cmath>

#include "base/limits.h"
#include "geo/band.h"

namespace entente::index {
namespace {

using geo::AltitudeReference;

// Heights: -32768 is an open lower end, 32767 an open upper one, both of which always pass.
constexpr std::int64_t height_open_lower = -32768;
constexpr std::int64_t height_open_upper = 32767;
constexpr std::int64_t height_min = -32767;
constexpr std::int64_t height_max = 32766;
// Hours: 0 and 65535 are left free, so that "none is sure" can be said too.
constexpr std::int64_t hour_min = 1;
constexpr std::int64_t hour_max = 65534;
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t hour_middle = 32768;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - ((a % b != 0 && (a % b < 0) != (b < 0)) ? 1 : 0);
}
std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return -floor_div(-a, b); }

std::int16_t narrow(std::int64_t v) { return static_cast<std::int16_t>(v); }
std::int16_t biased(std::int64_t hour) { return narrow(hour - hour_middle); }

std::int64_t unit(AltitudeReference reference) {
    return reference == AltitudeReference::fl ? 1 : 10;
}

/// The hour that the millisecond lies in, not clamped. Far beyond any year that a window may have,
/// so that the subtraction cannot overflow.
std::int64_t hour_of(std::int64_t ms, std::int64_t base) {
    constexpr std::int64_t far = std::int64_t{1} << 60;
    return floor_div(std::clamp(ms, -far, far) - base, hour_ms) + hour_middle;
}

bool lower_passes(std::int64_t lower, const geo::Enclosure& question, AltitudeReference r) {
    return geo::w84_enclosure({lower, std::nullopt, r}).lower_m <= question.upper_m;
}
bool upper_passes(std::int64_t upper, const geo::Enclosure& question, AltitudeReference r) {
    return geo::w84_enclosure({std::nullopt, upper, r}).upper_m >= question.lower_m;
}

// Beyond every height that limits.h allows an entry.
constexpr std::int64_t beyond = limits::altitude_dm_max + 1;

}  // namespace

AltitudeReference tree_reference(const geo::Band& band) {
    return band.lower || band.upper ? band.reference : AltitudeReference::w84;
}

Span encode(const geo::Band& band, const geo::Window& window, std::int64_t time_base) {
    const std::int64_t u = unit(tree_reference(band));
    Span s;
    s.lower.height =
        narrow(band.lower ? std::clamp(floor_div(*band.lower, u), height_min, height_max)
                          : height_open_lower);
    s.upper.height =
        narrow(band.upper ? std::clamp(ceil_div(*band.upper, u), height_min, height_max)
                          : height_open_upper);
    s.lower.time = biased(
        window.start ? std::clamp(hour_of(millis(*window.start), time_base), hour_min, hour_max)
                     : hour_min);
    s.upper.time = biased(
        window.end ? std::clamp(hour_of(millis(*window.end) - 1, time_base), hour_min, hour_max)
                   : hour_max);
    return s;
}

BandLimits band_limits(const geo::Band& question, AltitudeReference entries) {
    if (tree_reference(question) != question.reference || question.reference == entries) {
        return {question.upper.value_or(beyond), question.lower.value_or(-beyond)};
    }
    const geo::Enclosure enclosure = geo::w84_enclosure(question);
    // The largest lower end and the smallest upper end that pass: enclosures are monotone.
    std::int64_t pass = -beyond;
    std::int64_t refuse = beyond + 1;
    while (refuse - pass > 1) {
        const std::int64_t middle = floor_div(pass + refuse, 2);
        (lower_passes(middle, enclosure, entries) ? pass : refuse) = middle;
    }
    BandLimits limits;
    limits.lower_max = pass;
    pass = beyond;
    refuse = -beyond - 1;
    while (pass - refuse > 1) {
        const std::int64_t middle = floor_div(pass + refuse, 2);
        (upper_passes(middle, enclosure, entries) ? pass : refuse) = middle;
    }
    limits.upper_min = pass;
    return limits;
}

QuestionSpan question_span(BandLimits limits, AltitudeReference entries, const geo::Window& window,
                           std::int64_t time_base) {
    const std::int64_t u = unit(entries);
    QuestionSpan q;
    // An entry's lower code c means that its end lies in [c, c + 1) units, an upper code: in
    // (c - 1, c], and an outermost code also what is beyond.
    const std::int64_t part = u - 1;
    q.out.lower.height = narrow(std::clamp(floor_div(limits.lower_max, u), height_min, height_max));
    q.out.upper.height = narrow(std::clamp(ceil_div(limits.upper_min, u), height_min, height_max));
    q.sure.lower.height = narrow(
        std::clamp(floor_div(limits.lower_max - part, u), height_open_lower, height_max - 1));
    q.sure.upper.height =
        narrow(std::clamp(ceil_div(limits.upper_min + part, u), height_min + 1, height_open_upper));
    if (limits.lower_max >= beyond) q.sure.lower.height = narrow(height_max);
    if (limits.upper_min <= -beyond) q.sure.upper.height = narrow(height_min);
    // Entry's start < question's end, and question's start <= entry's last millisecond. A start
    // code h means [h, h + 1) hours.
    q.out.lower.time = q.sure.lower.time = biased(hour_max);
    q.out.upper.time = q.sure.upper.time = biased(0);
    if (window.end) {
        const std::int64_t last = hour_of(millis(*window.end) - 1, time_base);
        const std::int64_t end = hour_of(millis(*window.end), time_base);
        q.out.lower.time = biased(std::clamp(last, hour_min, hour_max));
        q.sure.lower.time = biased(std::clamp<std::int64_t>(end - 1, 0, hour_max - 1));
    }
    if (window.start) {
        const std::int64_t start = hour_of(millis(*window.start), time_base);
        const std::int64_t before = hour_of(millis(*window.start) - 1, time_base);
        q.out.upper.time = biased(std::clamp(start, hour_min, hour_max));
        q.sure.upper.time = biased(std::clamp<std::int64_t>(before + 1, 2, hour_max + 1));
    }
    return q;
}

}  // namespace entente::index
