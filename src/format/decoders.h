#pragma once
// One maker a format; format.cc chooses.
#include "format/format.h"

namespace leat {

Result<std::unique_ptr<RowDecoder>> make_json_decoder(const Options&, const Schema& fields, const EvalSettings&);
Result<std::unique_ptr<RowEncoder>> make_json_encoder(const Options&, const Schema& fields, const EvalSettings&);
// `all`: every column of the record, which is what gives a field its place; `fields` are some of them.
Result<std::unique_ptr<RowDecoder>> make_csv_decoder(const Options&, const Schema& fields, const Schema& all,
                                                     const EvalSettings&);
Result<std::unique_ptr<RowEncoder>> make_csv_encoder(const Options&, const Schema& fields, const EvalSettings&);

}  // namespace leat
