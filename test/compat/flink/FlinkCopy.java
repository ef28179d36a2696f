import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/** FlinkCopy ADDRESS CHECKPOINTS [CHECKPOINT]: copies a topic into another one, exactly once, until it is killed. */
public class FlinkCopy {
  public static void main(String[] arguments) throws Exception {
    String address = arguments[0];
    Configuration settings = new Configuration();
    settings.setString("parallelism.default", "1");
    settings.setString("execution.checkpointing.interval", "300ms");
    settings.setString("execution.checkpointing.dir", "file://" + arguments[1]);
    settings.setString("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
    settings.setString("restart-strategy.type", "none");
    if (arguments.length > 2) settings.setString("execution.state-recovery.path", "file://" + arguments[2]);
    TableEnvironment tables =
        TableEnvironment.create(
            EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(settings).build());
    tables.executeSql(table("source", "flink-in", address, "'scan.startup.mode' = 'earliest-offset', 'properties.group.id' = 'flink'"));
    tables.executeSql(
        table(
            "sink",
            "flink-out",
            address,
            "'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'copy', "
                + "'properties.transaction.timeout.ms' = '60000'"));
    tables.executeSql("INSERT INTO sink SELECT id, UPPER(name) FROM source").await();
  }

  private static String table(String name, String topic, String address, String more) {
    return "CREATE TABLE " + name + " (id BIGINT, name STRING) WITH ('connector' = 'kafka', 'topic' = '" + topic
        + "', 'properties.bootstrap.servers' = '" + address + "', 'format' = 'json', " + more + ")";
  }
}
