#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tenure/core/column.hpp"
#include "tenure/core/error.hpp"
#include "tenure/revenue/reconcile.hpp"

namespace tenure::python {

/// Texts of two tables are numbered differently. Here equal texts get equal numbers, over all that is read.
class CommonLabels {
 public:
  Shares translate(Shares shares) {
    if (shares.shares.empty() && shares.labels == nullptr) return shares;  // says nothing about ids
    if (known_ && texts_ != (shares.labels != nullptr))
      throw_input({.code = "E_KEY_TYPE",
                   .what = "customer ids are texts in one table and whole numbers in the other",
                   .remedy = "Give contracts and invoices ids of one type."});
    known_ = true;
    texts_ = shares.labels != nullptr;
    if (!texts_) return shares;
    std::vector<std::int64_t> place;
    for (const std::string& label : *shares.labels) place.push_back(dictionary_.encode(label));
    for (Share& share : shares.shares) share.customer = place[static_cast<std::size_t>(share.customer)];
    std::sort(shares.shares.begin(), shares.shares.end(), [](const Share& one, const Share& other) {
      return std::pair(one.period, one.customer) < std::pair(other.period, other.customer);
    });
    shares.labels = nullptr;  // see all()
    return shares;
  }
  /// Labels of all that was translated; null for whole numbers.
  std::shared_ptr<const std::vector<std::string>> all() const {
    if (!texts_) return nullptr;
    return std::make_shared<const std::vector<std::string>>(dictionary_.labels());
  }

 private:
  bool known_ = false, texts_ = false;
  Dictionary dictionary_;
};

}  // namespace tenure::python
