import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/** Runs one SQL script on Flink in this JVM and waits for its jobs: FlinkSql SCRIPT.sql [KEY=VALUE]... */
public class FlinkSql {
  public static void main(String[] arguments) throws Exception {
    Configuration settings = new Configuration();
    for (int i = 1; i < arguments.length; i++) {
      String[] setting = arguments[i].split("=", 2);
      settings.setString(setting[0], setting[1]);
    }
    TableEnvironment tables =
        TableEnvironment.create(EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(settings).build());
    for (String statement : Files.readString(Path.of(arguments[0])).split(";\\s*(\\R|$)")) {
      if (!statement.isBlank()) tables.executeSql(statement).await();
    }
    System.exit(0); // Flink's threads would keep the program alive.
  }
}
