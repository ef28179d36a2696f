#include "stream/node_record.h"

#include "base/check.h"
#include "columnar/value.h"

namespace leat {

Bytes NodeRecord::encode() const {
  Bytes out;
  ValueWriter writer(out);
  writer.bytes(name);
  writer.int64(static_cast<int64_t>(role));
  for (int64_t number : {account.rows_in, account.rows_out, account.passed, account.filtered, account.late,
                         account.partly_late, account.dead, sent.value, merged.value}) {
    writer.int64(number);
  }
  writer.boolean(end_sent);
  writer.int64(inputs_ended);
  writer.int64(static_cast<int64_t>(inputs.size()));
  for (EventTime input : inputs) writer.int64(input.value);
  return out;
}

NodeRecord NodeRecord::decode(BytesView in) {
  ValueReader reader(in);
  auto next = [&reader] { return reader.present() ? reader.int64() : 0; };
  NodeRecord out;
  out.name = reader.present() ? std::string(reader.bytes()) : std::string();
  out.role = static_cast<Role>(next());
  for (int64_t* count :
       {&out.account.rows_in, &out.account.rows_out, &out.account.passed, &out.account.filtered, &out.account.late,
        &out.account.partly_late, &out.account.dead, &out.sent.value, &out.merged.value}) {
    *count = next();
  }
  out.end_sent = reader.present() && reader.boolean();
  out.inputs_ended = next();
  for (int64_t left = next(); left > 0; --left) out.inputs.push_back(EventTime{next()});
  return out;
}

Bytes StateKey::make(Kind kind, size_t node, BytesView rest) {
  CHECK(node <= 0xffff);
  Bytes out(1, static_cast<char>(kind));
  out.push_back(static_cast<char>(node & 0xff));
  out.push_back(static_cast<char>(node >> 8));
  out.append(rest);
  return out;
}

StateKey StateKey::parse(BytesView key) {
  CHECK(key.size() >= 3);
  size_t node = static_cast<uint8_t>(key[1]) | static_cast<size_t>(static_cast<uint8_t>(key[2])) << 8;
  return {static_cast<Kind>(key[0]), node, key.substr(3)};
}

}  // namespace leat
