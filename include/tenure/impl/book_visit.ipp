// Included by book.ipp: customers one by one, for questions that look at their contracts.

namespace tenure {

namespace detail {

/// Gathers one entity's rows, and what it pays by segment on the day of a Grid::until.
template <class Data>
class VisitReader {
 public:
  VisitReader(const Data& data, const std::function<void(const CustomerDay&)>& visit)
      : data_(&data), product_(data.find_texts("product")), visit_(&visit) {}

  void begin(std::size_t, std::span<const std::uint32_t> source) {
    source_ = source;
    rows_.clear();
    paid_.clear();
  }
  void row(const PackedRow& row, std::uint32_t segment) {
    const std::uint32_t source = source_[rows_.size()];
    rows_.push_back({.row = source,
                     .start = row.start,
                     .end = row.end,
                     .rate = RunRate{row.annual},
                     .segment = segment,
                     .subscription = data_->has_subscriptions ? data_->subscription[source] : 0,
                     .product = product_ != nullptr ? product_->codes[source] : 0});
  }
  void moment(const Moment& moment) {
    for (const SegmentChange& change : moment.segments) {
      const auto known = std::ranges::find(paid_, change.segment, &CustomerDay::Paid::segment);
      if (known == paid_.end())
        paid_.push_back({change.segment, RunRate{change.after.annual}});
      else
        known->rate = RunRate{change.after.annual};
    }
  }
  void finish(std::span<const Step>) {
    std::erase_if(paid_, [](const CustomerDay::Paid& one) { return one.rate.annual == 0; });
    if (!paid_.empty()) (*visit_)({paid_, rows_});
  }

 private:
  const Data* data_;
  const typename Data::Texts* product_;
  const std::function<void(const CustomerDay&)>* visit_;
  std::span<const std::uint32_t> source_;
  std::vector<CustomerDay::Row> rows_;
  std::vector<CustomerDay::Paid> paid_;
};

}  // namespace detail

TENURE_INLINE std::vector<std::string> Book::visit_customers(
    Day at, const WaterfallOptions& options, const std::function<void(const CustomerDay&)>& visit) const {
  if (!is_representable(at))
    throw_input(
        {.code = "E_DATE_RANGE", .what = "the day is outside 1400-01-01..9999-12-31", .column = "at"});
  const detail::Cut cut = detail::make_cut(*data_, options.by);
  detail::ask_on(*data_, at, [&](const Data& data) {
    const Grid grid = Grid::until(data.earliest, at);
    detail::VisitReader<Data> reader(data, visit);
    detail::EntityReader<Data, detail::VisitReader<Data>> entities(data, grid, cut,
                                                                   data.policy.reporting.grain);
    for (std::size_t customer = 0; customer < data.grouped->customers(); ++customer)
      entities.read(customer, reader);
    return 0;
  });
  return cut.labels;
}

}  // namespace tenure
