#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "config.hpp"

/// One class tree by meaning. Each error says what, where, which value and what to do, and carries a stable
/// code.
namespace tenure {

/// One thing that is wrong with the input.
struct Fault {
  std::string code;                      ///< stable, e.g. "E_PERIOD_REVERSED"
  std::string what;                      ///< one sentence without the place
  std::string column = {};               ///< name of the column, as the caller spelled it
  std::optional<std::int64_t> row = {};  ///< position in the caller's table, from 0
  std::string value = {};                ///< the offending value, cut to 80 characters
  std::string remedy = {};               ///< what the caller can do
};

/// Base of everything tenure throws. `what()` reads: place: sentence. remedy [CODE].
class Error : public std::runtime_error {
 public:
  explicit Error(Fault fault) : Error(std::vector<Fault>{std::move(fault)}, 1) {}
  /// The first faults of a kind, and how many there were in all.
  Error(std::vector<Fault> faults, std::int64_t count);

  const Fault& fault() const noexcept { return faults_.front(); }
  const std::string& code() const noexcept { return fault().code; }
  const std::vector<Fault>& faults() const noexcept { return faults_; }
  std::int64_t count() const noexcept { return count_; }

 private:
  std::vector<Fault> faults_;
  std::int64_t count_;
};

/// A value, row or column of the input cannot be used.
struct InputError : Error {
  using Error::Error;
};
/// An option is unknown, out of range, or contradicts another.
struct OptionError : Error {
  using Error::Error;
};
/// A result does not fit the type it was asked in.
struct OverflowError : Error {
  using Error::Error;
};
/// Serialised state is damaged, of another kind, or made under another definition.
struct StateError : Error {
  using Error::Error;
};
/// A promise of the engine does not hold (the bridge does not close): a fault of ours, never of the input.
struct IntegrityError : Error {
  using Error::Error;
};
/// The caller asked to stop.
struct Interrupted : Error {
  using Error::Error;
};

/// A value as it appears in a message: control characters escaped, cut to 80 characters.
std::string printable(std::string_view value);

/// Collects the faults of one pass, by kind: keeps the first 20 rows of a kind and counts them all. What it
/// throws does not depend on the order in which rows were checked or on how they were split.
class FaultList {
 public:
  static constexpr std::size_t kept = 20;

  void add(Fault fault);
  bool empty() const noexcept { return kinds_.empty(); }
  /// Faults found by another part of the same pass.
  void merge(const FaultList& other);
  /// Throws InputError, if there is any fault, about the kind whose first row comes first.
  void raise() const;

 private:
  struct Kind {
    std::vector<Fault> faults;  ///< sorted by row
    std::int64_t count = 0;
  };
  Kind& kind(const std::string& code);
  std::vector<Kind> kinds_;
};

[[noreturn]] void throw_input(Fault fault);
[[noreturn]] void throw_option(Fault fault);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/error.ipp"
#endif
