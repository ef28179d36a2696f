#include "format/format.h"

#include "format/decoders.h"

namespace leat {
namespace {

Error unknown(const std::string& format) {
  return Error{Errc::kInvalidArgument, "'format' = '" + format + "': expected json or csv"};
}

}  // namespace

Result<std::unique_ptr<RowDecoder>> make_decoder(const std::string& format, const Options& options,
                                                 const Schema& fields, const Schema& all,
                                                 const EvalSettings& settings) {
  if (format == "json") return make_json_decoder(options, fields, settings);
  if (format == "csv") return make_csv_decoder(options, fields, all, settings);
  return unknown(format);
}

Result<std::unique_ptr<RowEncoder>> make_encoder(const std::string& format, const Options& options,
                                                 const Schema& fields, const EvalSettings& settings) {
  if (format == "json") return make_json_encoder(options, fields, settings);
  if (format == "csv") return make_csv_encoder(options, fields, settings);
  return unknown(format);
}

}  // namespace leat
