#pragma once
#include "broker/access/security_settings.h"
#include "env/env.h"
#include "env/tls.h"

namespace leat {

// What the settings of a listener say of TLS, with the files that they name; null: it is not encrypted.
// kInvalidArgument names the setting that is missing or wrong.
Result<std::shared_ptr<const TlsContext>> listener_tls(FileSystem&, const SecuritySettings&);

}  // namespace leat
