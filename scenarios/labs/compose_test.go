package labs

import "testing"

// TestWrongCompose: what lab 12's page shows as traps, and what nobody starts, fails the
// check that is about it.
func TestWrongCompose(t *testing.T) {
	const file, docker = "compose.yaml", "Dockerfile"
	const volume, bridge = `volumes: ["kafka:/var/lib/kafka/data"]`, `command: [bridge, --broker, "mosquitto:1883", --kafka, "kafka:9092"`
	gradeWrong(t, []wrong{
		{"localhost in a container", "compose", file, `"mosquitto:1883"`, `"localhost:1883"`, 11, "addresses", "12-compose/compose.yaml:53: bridge: localhost:1883 is this container itself", "Whose localhost is that?"},
		{"an address for the host only", "compose", file, "NETWORK://kafka:9092", "NETWORK://localhost:9092", 11, "addresses", "at kafka:9092 Kafka sends its clients on to localhost:9092", "A client comes to a listener"},
		{"the port of the host", "compose", file, `--kafka, "kafka:9092", --elasticsearch, "elasticsearch:9200"`, `--kafka, "kafka:9092", --elasticsearch, "elastic:9200"`, 11, "addresses", "no service has the name elastic", "Who is at that address"},
		{"another student's port", "compose", file, "HOST://localhost:", "HOST://localhost:1", 11, "addresses", "no listener advertises localhost:", "Which address does a program on the host use?"},
		{"sleep 20", "compose", file, bridge, `entrypoint: sh -c "sleep 20; exec lab bridge --broker mosquitto:1883 --kafka kafka:9092"` + "\n    x-was: [1", 15, "ready", "it sleeps a fixed time", "on a machine that is three times slower"},
		{"started, not healthy", "compose", file, "mosquitto: {condition: service_healthy}", "mosquitto: {condition: service_started}", 15, "ready", "not until it answers", "depends_on alone waits"},
		{"volumes lost on down", "compose", file, "KAFKA_LOG_DIRS: /var/lib/kafka/data", "KAFKA_LOG_DIRS: /tmp/kraft-combined-logs", 15, "data", "no volume holds /tmp/kraft-combined-logs", "KAFKA_LOG_DIRS says where Kafka writes"},
		{"a volume without a name", "compose", file, volume, `volumes: ["/var/lib/kafka/data"]`, 15, "data", "has no name", "What does the next container get"},
		{"latest", "compose", file, "apache/kafka:4.1.2", "apache/kafka:latest", 15, "pinned", "apache/kafka:latest is another one tomorrow", "Which tag does the image have?"},
		{"an open port", "compose", file, `"127.0.0.1:9200:9200"`, `"9200:9200"`, 16, "ports", "port 9200 is open", "Which address is this machine only?"},
		{"a shell", "compose", docker, `ENTRYPOINT ["lab"]`, "ENTRYPOINT lab", 14, "image", "12-compose/Dockerfile:5: ENTRYPOINT lab runs in a shell", "two forms of ENTRYPOINT"},
		{"root", "compose", docker, "USER 1000\n", "", 14, "image", "it runs as root", "Who is the program run by"},
		{"privileged", "compose", file, "  kafka:\n", "  kafka:\n    privileged: true\n", 4, "reads", "privileged gives the container the whole machine", "What does it ask for that only this machine has?"},
		{"a folder of the host", "compose", file, volume, "volumes: [/:/host]", 4, "reads", "/ is a file or folder of this machine", "What only this machine has"},
		{"an environment file", "compose", file, "  kafka:\n", "  kafka:\n    env_file: ../../secret.env\n", 4, "reads", "12-compose/compose.yaml:16: env_file names another file", "Only compose.yaml and Dockerfile are copied."},
		{"$SYS, which compose takes for a variable", "compose", file, "$$SYS", "$SYS", 4, "reads", "$SYS has no value on another machine", "Compose replaces $NAME"},
		{"no YAML", "compose", file, "services:", "services: [", 4, "reads", "12-compose/compose.yaml:", "The file isn't YAML there."},
		{"a service is missing", "compose", file, "  export:", "  exporter:", 4, "reads", "there is no service export", "The names of the services"},
	})
}
