#pragma once
// The settings of a group (KIP-848, KIP-932), and of a subscription to clients' metrics (KIP-714).
#include "broker/catalog/setting.h"

namespace leat {

const SettingTable& group_settings();
const SettingTable& client_metrics_settings();

}  // namespace leat
