import java.util.Map;
import java.util.TreeMap;

/** Main HOST:PORT SCENARIO...: the scenarios of ../README.md with Apache Kafka's Java clients. */
public final class Main {
  interface Scenario {
    void run() throws Exception;
  }

  public static void main(String[] words) {
    Kit kit = new Kit(words[0]);
    Map<String, Scenario> scenarios = new TreeMap<>();
    new Records(kit).addTo(scenarios);
    new Groups(kit).addTo(scenarios);
    new Shares(kit).addTo(scenarios);
    new Administration(kit).addTo(scenarios);
    new Quotas(kit).addTo(scenarios);
    new Transactions(kit).addTo(scenarios);
    boolean failed = false;
    for (int at = 1; at < words.length; ++at) {
      try {
        if (!scenarios.containsKey(words[at])) throw new IllegalArgumentException("no such scenario");
        scenarios.get(words[at]).run();
        System.out.println("ok " + words[at]);
      } catch (Throwable error) { // Whatever it is, the next scenario runs.
        System.out.println("failed " + words[at] + ": " + error.toString().replace('\n', ' ') + " at " + Kit.place(error));
        failed = true;
      }
    }
    kit.admin.close();
    System.exit(failed ? 1 : 0);
  }
}
