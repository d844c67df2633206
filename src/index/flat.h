// SPDX-License-Identifier: Apache-2.0
// A fixed array in memory of its own, aligned to cache lines, on huge pages where the system has
// them: a question jumps about in tens of megabytes, and with 4 KiB pages most jumps would miss the
// address cache too. Not a vector: it never grows, and its elements are plain data, zero at first.
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

namespace entente::index {

/// Zeroed memory, aligned to 64 bytes; null for no bytes. Ends the program where there is none.
void* flat_allocate(std::size_t bytes);
void flat_release(void* memory, std::size_t bytes);

template <class T>
class Flat {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 64);

  public:
    Flat() = default;
    explicit Flat(std::size_t size)
        : data_(static_cast<T*>(flat_allocate(size * sizeof(T)))), size_(size) {}
    Flat(Flat&& o) noexcept
        : data_(std::exchange(o.data_, nullptr)), size_(std::exchange(o.size_, 0)) {}
    Flat& operator=(Flat&& o) noexcept {
        std::swap(data_, o.data_);
        std::swap(size_, o.size_);
        return *this;
    }
    ~Flat() { flat_release(data_, bytes()); }

    T* data() { return data_; }
    const T* data() const { return data_; }
    std::size_t size() const { return size_; }
    std::size_t bytes() const { return size_ * sizeof(T); }
    T& operator[](std::size_t i) { return data_[i]; }
    const T& operator[](std::size_t i) const { return data_[i]; }

  private:
    T* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace entente::index
