// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/base/error.h"

namespace hindcast::base {

/// A value or an Error. Member names are a subset of std::expected's, so that it can become an alias one day.
/// Reading the wrong side is a programmer error and aborts.
template <class T>
class [[nodiscard]] Result {
public:
    using value_type = T;

    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    bool has_value() const { return m_state.index() == 0; }
    explicit operator bool() const { return has_value(); }

    T& value() & { return checked(); }
    const T& value() const& { return const_cast<Result*>(this)->checked(); }
    T&& value() && { return std::move(checked()); }
    T& operator*() & { return checked(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(checked()); }
    T* operator->() { return &checked(); }
    const T* operator->() const { return &value(); }

    const Error& error() const& {
        if (has_value()) std::abort();
        return std::get<1>(m_state);
    }
    Error&& error() && {
        if (has_value()) std::abort();
        return std::get<1>(std::move(m_state));
    }

    template <class U>
    T value_or(U&& other) const& {
        return has_value() ? value() : static_cast<T>(std::forward<U>(other));
    }

private:
    T& checked() {
        if (!has_value()) std::abort();
        return std::get<0>(m_state);
    }

    std::variant<T, Error> m_state;
};

/// Success, or an Error.
template <>
class [[nodiscard]] Result<void> {
public:
    using value_type = void;

    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    bool has_value() const { return !m_error.has_value(); }
    explicit operator bool() const { return has_value(); }

    const Error& error() const& {
        if (!m_error) std::abort();
        return *m_error;
    }
    Error&& error() && {
        if (!m_error) std::abort();
        return *std::move(m_error);
    }

private:
    std::optional<Error> m_error;
};

}  // namespace hindcast::base

#define HINDCAST_CONCAT_INNER(a, b) a##b
#define HINDCAST_CONCAT(a, b) HINDCAST_CONCAT_INNER(a, b)

/// Returns the error of `expression` from the enclosing function, if it has one.
#define HINDCAST_TRY(expression)                                                                           \
    do {                                                                                                   \
        if (auto hindcastResult = (expression); !hindcastResult) return std::move(hindcastResult).error(); \
    } while (false)

/// Assigns the value of `expression` to `target` (a declaration or an lvalue), or returns its error.
#define HINDCAST_ASSIGN(target, expression) \
    HINDCAST_ASSIGN_INNER(HINDCAST_CONCAT(hindcastResult, __LINE__), target, expression)
#define HINDCAST_ASSIGN_INNER(temporary, target, expression) \
    auto temporary = (expression);                           \
    if (!temporary) return std::move(temporary).error();     \
    target = *std::move(temporary)
