import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.utils.DateTimeUtils;
import org.apache.flink.types.Row;

/** Flink's values as JSON, in the shape of `leat sql --format changelog-json`. */
class RowJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final ZoneId zone;

  RowJson(ZoneId zone) {
    this.zone = zone;
  }

  JsonNode json(Object value, LogicalType type) {
    if (value == null) return JSON.nullNode();
    switch (type.getTypeRoot()) {
      case BOOLEAN:
        return JSON.booleanNode((Boolean) value);
      case TINYINT:
      case SMALLINT:
      case INTEGER:
      case BIGINT:
        return JSON.numberNode(((Number) value).longValue());
      case FLOAT:
      case DOUBLE:
        return Double.isFinite(((Number) value).doubleValue())
            ? JSON.numberNode(Double.parseDouble(value.toString()))
            : JSON.textNode(value.toString());
      case DECIMAL:
        return JSON.textNode(((BigDecimal) value).toPlainString());
      case BINARY:
      case VARBINARY:
        return JSON.textNode(Base64.getEncoder().encodeToString((byte[]) value));
      case TIME_WITHOUT_TIME_ZONE:
        LocalTime time = (LocalTime) value;
        return JSON.textNode(time.format(TIME) + fraction(time.getNano()));
      case TIMESTAMP_WITHOUT_TIME_ZONE:
        return JSON.textNode(text((LocalDateTime) value));
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
        return JSON.textNode(text(((Instant) value).atZone(zone).toLocalDateTime()));
      case INTERVAL_YEAR_MONTH:
        return JSON.textNode(DateTimeUtils.formatIntervalYearMonth((int) ((Period) value).toTotalMonths()));
      case INTERVAL_DAY_TIME:
        return JSON.textNode(DateTimeUtils.formatIntervalDayTime(((Duration) value).toMillis()));
      case ARRAY:
        return array((Object[]) value, type.getChildren().get(0));
      case MAP:
        return map((Map<?, ?>) value, ((MapType) type).getKeyType(), ((MapType) type).getValueType());
      case ROW:
        return row((Row) value, (RowType) type);
      default:
        return JSON.textNode(value.toString());
    }
  }

  private JsonNode array(Object[] values, LogicalType element) {
    ArrayNode out = JSON.arrayNode();
    for (Object value : values) out.add(json(value, element));
    return out;
  }

  private JsonNode map(Map<?, ?> values, LogicalType key, LogicalType value) {
    ObjectNode out = JSON.objectNode();
    values.forEach((k, v) -> out.set(k == null ? "null" : json(k, key).asText(), json(v, value)));
    return out;
  }

  private JsonNode row(Row value, RowType type) {
    ObjectNode out = JSON.objectNode();
    for (int i = 0; i < type.getFieldCount(); i++) {
      out.set(type.getFieldNames().get(i), json(value.getField(i), type.getTypeAt(i)));
    }
    return out;
  }

  private static String text(LocalDateTime value) {
    return value.format(SECONDS) + fraction(value.getNano());
  }

  /** In groups of three digits, none where they are zero. */
  private static String fraction(int nanos) {
    String digits = String.format("%09d", nanos);
    while (digits.endsWith("000")) digits = digits.substring(0, digits.length() - 3);
    return digits.isEmpty() ? "" : "." + digits;
  }
}
