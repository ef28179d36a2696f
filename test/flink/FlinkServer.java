import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/**
 * Runs SQL on one embedded Flink cluster, so that its start is paid for once.
 *
 * <p>A request is a line of JSON, {"steps": [["statement", …], …]}: the steps share tables, views and settings, and the
 * next request begins anew. The answer is a line too: {"answers": […]}, for each step what its last query gave, {"rows":
 * [{"op": "+I", "row": {…}}, …]}, or {"error": "the cause first"}.
 */
public class FlinkServer {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern SET = Pattern.compile("(?is)SET\\s+'([^']*)'\\s*=\\s*'([^']*)'");
  private static final Pattern RESET = Pattern.compile("(?is)RESET(?:\\s+'([^']*)')?");
  private static final Pattern INSERT = Pattern.compile("(?is)(INSERT|EXECUTE|BEGIN)\\b.*");
  private static final String CHECKPOINTS = "execution.checkpointing.interval";

  private final int restPort;
  private final Set<String> settings = new HashSet<>(); // That the script has set.

  private FlinkServer(int restPort) {
    this.restPort = restPort;
  }

  public static void main(String[] arguments) throws Exception {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    try (MiniCluster cluster = cluster()) {
      cluster.start();
      FlinkServer server = new FlinkServer(cluster.getRestAddress().get().getPort());
      BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      ObjectMapper mapper = new ObjectMapper();
      for (String line; (line = requests.readLine()) != null; ) {
        answers.println(mapper.writeValueAsString(server.answer(mapper.readTree(line))));
      }
    }
    System.exit(0); // Flink's threads would keep the program alive.
  }

  private static MiniCluster cluster() {
    Configuration settings = new Configuration();
    settings.setString("rest.bind-port", "0");
    settings.setString("rest.bind-address", "127.0.0.1");
    settings.setString("rest.address", "127.0.0.1");
    settings.setString("taskmanager.memory.network.min", "64m");
    settings.setString("taskmanager.memory.network.max", "64m");
    settings.setString("taskmanager.memory.managed.size", "128m");
    return new MiniCluster(
        new MiniClusterConfiguration.Builder()
            .setConfiguration(settings)
            .setNumTaskManagers(1)
            .setNumSlotsPerTaskManager(1)
            .build());
  }

  private TableEnvironment environment() {
    Configuration settings = new Configuration();
    settings.setString("execution.target", "remote");
    settings.setString("rest.address", "127.0.0.1");
    settings.setString("rest.port", Integer.toString(restPort));
    settings.setString("parallelism.default", "1");
    settings.setString("restart-strategy.type", "none");
    settings.setString("table.local-time-zone", "UTC");
    return TableEnvironment.create(
        EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(settings).build());
  }

  private ObjectNode answer(JsonNode request) {
    ObjectNode out = JSON.objectNode();
    ArrayNode answers = out.putArray("answers");
    TableEnvironment tables = environment();
    settings.clear();
    for (JsonNode step : request.get("steps")) {
      ObjectNode answer = JSON.objectNode();
      try {
        for (JsonNode statement : step) run(tables, statement.asText(), answer);
      } catch (Throwable failure) {
        answer.removeAll();
        answer.put("error", causes(failure));
      }
      answers.add(answer);
    }
    return out;
  }

  private void run(TableEnvironment tables, String statement, ObjectNode answer) throws Exception {
    Matcher set = SET.matcher(statement);
    Matcher reset = RESET.matcher(statement);
    if (set.matches()) {
      settings.add(set.group(1));
      tables.getConfig().set(set.group(1), set.group(2));
    } else if (reset.matches()) {
      if (reset.group(1) != null) settings.retainAll(Set.of(reset.group(1)));
      settings.forEach(key -> tables.getConfig().getConfiguration().removeKey(key));
      settings.clear();
    } else if (INSERT.matcher(statement).matches()) {
      // Files are shown by the last checkpoint.
      tables.getConfig().set(CHECKPOINTS, "200ms");
      tables.executeSql(statement).await();
      tables.getConfig().getConfiguration().removeKey(CHECKPOINTS);
    } else {
      rows(answer, tables.executeSql(statement), new RowJson(tables.getConfig().getLocalTimeZone()));
    }
  }

  /** The messages down to the cause, the cause first: it says what happened. */
  private static String causes(Throwable failure) {
    List<String> messages = new ArrayList<>();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      messages.add(0, at.getClass().getSimpleName() + ": " + at.getMessage());
    }
    return String.join("\n", messages);
  }

  private static void rows(ObjectNode answer, TableResult result, RowJson json) throws Exception {
    List<Column> columns = result.getResolvedSchema().getColumns();
    ArrayNode out = answer.putArray("rows");
    try (CloseableIterator<Row> rows = result.collect()) {
      while (rows.hasNext()) {
        Row row = rows.next();
        ObjectNode fields = out.addObject().put("op", row.getKind().shortString()).putObject("row");
        for (int i = 0; i < columns.size(); i++) {
          fields.set(columns.get(i).getName(), json.json(row.getField(i), columns.get(i).getDataType().getLogicalType()));
        }
      }
    }
  }
}
