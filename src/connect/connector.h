#pragma once
// Connectors: a table's WITH options become a Source or a Sink. One file a connector; connector.cc lists them.
#include <memory>

#include "format/format.h"
#include "stream/sink.h"
#include "stream/source.h"

namespace leat {

struct TableOptions {
  std::string table;  // Its name, for provenance and messages.
  Options options;    // WITH (…) and hints, merged.
  Schema fields;      // Physical columns to read or write, in order. A source may be asked for a subset.
  Schema physical;    // All physical columns of the table: CSV needs them for field positions.
  std::vector<std::string> partitioned_by;
  std::vector<std::string> primary_key;
  // Metadata columns to read: (key, type); they follow `fields` in the batch. filesystem: file.path, file.name,
  // file.size, file.modification-time.
  std::vector<Field> metadata;
};

// Errors: kInvalidArgument for an unknown connector, a missing or unknown option or a bad value (each names the option,
// its value, and the nearest known or what was expected); kUnsupported; kNotFound for a bounded path that is not there.
Result<std::unique_ptr<Source>> make_source(const TableOptions&, const EvalSettings&);
Result<std::unique_ptr<Sink>> make_sink(const TableOptions&, const EvalSettings&);
// Checked when the table is created, before anything runs: options of the connector, whichever side it is used on.
Status check_options(const TableOptions&);

}  // namespace leat
