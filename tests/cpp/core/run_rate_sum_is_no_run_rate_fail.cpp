// expect: could not convert|no matching function|cannot convert
#include <tenure/revenue/net_retention.hpp>

// A total of many customers may not fit what one customer pays: the way back is no silent conversion.
void cap(tenure::Retention& retention, tenure::RunRateSum total) { retention.add(total, total); }
