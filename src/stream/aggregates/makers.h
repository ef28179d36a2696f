#pragma once
// Makers of the aggregate functions, one file each. The call's argument types have been checked by aggregate_type().
#include "stream/aggregate.h"

namespace leat {

std::unique_ptr<Aggregate> make_count(const AggregateCall&);
std::unique_ptr<Aggregate> make_sum(const AggregateCall&, const DataType& argument);
std::unique_ptr<Aggregate> make_avg(const AggregateCall&, const DataType& argument);
// MIN and MAX. Retracting ones keep every value.
std::unique_ptr<Aggregate> make_extreme(const AggregateCall&, const DataType& argument, bool retracting);
// FIRST_VALUE and LAST_VALUE.
std::unique_ptr<Aggregate> make_nth(const AggregateCall&, const DataType& argument, bool retracting);
std::unique_ptr<Aggregate> make_variance(const AggregateCall&, const DataType& argument);
std::unique_ptr<Aggregate> make_listagg(const AggregateCall&, bool retracting);
// `inner` over the distinct values of the call's arguments; FILTER is applied here.
std::unique_ptr<Aggregate> make_distinct(std::unique_ptr<Aggregate> inner, const AggregateCall&, const Schema& input,
                                         bool retracting);

}  // namespace leat
