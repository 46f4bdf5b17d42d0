package compose

import (
	"strings"
	"testing"

	"hoplab.example/labs"
)

// solution is lab 12's compose file as one student has it, with old replaced by new.
func solution(t *testing.T, old, new string) []byte {
	t.Helper()
	_, text, err := labs.Solution("12-compose", "compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	mine := strings.ReplaceAll(string(text), "${port}", "19092") + "networks: {other: {}}\n"
	if !strings.Contains(mine, old) {
		t.Fatalf("the solution has no %q", old)
	}
	return []byte(strings.Replace(mine, old, new, 1))
}

// all is everything that is found in a file.
func all(t *testing.T, text []byte) string {
	t.Helper()
	f, err := Read(t.Context(), "c.yaml", text)
	if err != nil {
		return err.Error()
	}
	found := f.Safe()
	for _, more := range [][]*Finding{f.Missing("kafka", "bridge"), f.Unpinned(), f.Addresses(), f.Ready(), f.Open()} {
		found = append(found, more...)
	}
	for service, where := range map[string]string{"mosquitto": "/mosquitto/data", "kafka": "$KAFKA_LOG_DIRS", "elasticsearch": "/usr/share/elasticsearch/data"} {
		if lost := f.Lost(service, where); lost != nil {
			found = append(found, lost)
		}
	}
	if wrong := f.HostPort("kafka", 19092); wrong != nil {
		found = append(found, wrong)
	}
	var lines []string
	for _, one := range found {
		lines = append(lines, one.Error())
	}
	return strings.Join(lines, "\n")
}

// TestChanges changes the solution in one place each. The right ones find nothing.
func TestChanges(t *testing.T) {
	const bridge = `command: [bridge, --broker, "mosquitto:1883", --kafka, "kafka:9092", --topic, smart]`
	const sub = `[CMD-SHELL, "mosquitto_sub -t '$$SYS/#' -C 1 -W 3"]`
	for _, c := range []struct{ name, old, new, want string }{
		{"the solution", "", "", ""},
		{"a list of variables", "environment:\n      discovery.type: single-node", "environment:\n      <<: &es {discovery.type: single-node}", ""},
		{"a volume's own name", "volumes:\n  mosquitto:\n", "volumes:\n  mosquitto: {name: lab}\n", ""},
		{"an alias in the network", "  kafka:\n    image", "  kafka:\n    networks: {default: {aliases: [broker]}}\n    image", ""},
		{"a volume above the data", "kafka:/var/lib/kafka/data", "kafka:/var/lib/kafka", ""},
		{"a folder with a / at its end", "KAFKA_LOG_DIRS: /var/lib/kafka/data", "KAFKA_LOG_DIRS: /var/lib/kafka/data/", ""},
		{"a digest", "apache/kafka:4.1.2", "apache/kafka@sha256:" + strings.Repeat("a", 64), ""},
		{"a variable with a default", "apache/kafka:4.1.2", "apache/kafka:${TAG:-4.1.2}", ""},
		{"a loop that asks", bridge, `entrypoint: sh -c "until nc -z kafka 9092; do sleep 1; done; exec lab bridge"`, ""},
		{"privileged", "  kafka:\n", "  kafka:\n    privileged: true\n", "c.yaml:16: kafka: privileged gives the container the whole machine"},
		{"a privileged hook", "    build: .\n", "    build: .\n    post_start: [{command: [sh], privileged: true}]\n", "bridge: a privileged hook has the whole machine"},
		{"a volume of before", "volumes:\n  mosquitto:\n", "volumes:\n  mosquitto: {external: true}\n", "volumes mosquitto: external is what somebody has made on this machine"},
		{"a config of before", "configs:\n  mosquitto:\n", "configs:\n  x: {external: true}\n  mosquitto:\n", "configs x: external is what somebody has made on this machine"},
		{"a network of before", "networks: {other: {}}", "networks: {default: {external: true, name: host}}", "networks default: external is what somebody has made on this machine"},
		{"the host's network by its driver", "networks: {other: {}}", "networks: {default: {driver: host}}", "networks default: the driver host takes a network of this machine"},
		{"the host's network", "  kafka:\n", "  kafka:\n    network_mode: host\n", "network_mode host takes another's network"},
		{"the engine's socket", "kafka:/var/lib/kafka/data", "/var/run/docker.sock:/var/run/docker.sock", "/var/run/docker.sock is a file or folder of this machine"},
		{"a folder of the host", "kafka:/var/lib/kafka/data", "./data:/var/lib/kafka/data", "./data is a file or folder of this machine"},
		{"a build outside", "build: .", "build: ..", "the build's context / isn't in the compose file's folder"},
		{"a build of the network", "build: .", "build: https://example.com/x.git", "isn't in the compose file's folder"},
		{"a Dockerfile outside", "build: .", "build: {context: ., dockerfile: ../Dockerfile}", "the Dockerfile ../Dockerfile isn't in the compose file's folder"},
		{"a volume that is a folder", "  kafka:\n  elasticsearch:\n\n", "  kafka: {driver_opts: {type: none, o: bind, device: /}}\n  elasticsearch:\n\n", "volumes kafka: its driver and options may name a folder"},
		{"a config of the host", "    content: |\n      listener", "    file: /etc/passwd\nx-rest:\n    a: |\n      listener", "configs mosquitto: its text is in a file"},
		{"an environment file", "  kafka:\n", "  kafka:\n    env_file: .env\n", "c.yaml:16: env_file names another file"},
		{"an include", "services:\n", "include: [other.yaml]\nservices:\n", "c.yaml:3: include names another file"},
		{"a variable", "apache/kafka:4.1.2", "apache/kafka:${TAG}", "$TAG has no value on another machine: write the value, or ${TAG:-a value}, or $$TAG for a $ that the container gets"},
		{"no YAML", "    image: apache", "   image: apache", "c.yaml:17: mapping values are not allowed"},
		{"no such key", "image: apache", "imagee: apache", "c.yaml:16: compose knows no services.kafka.imagee"},
		{"two documents", "volumes:\n  mosquitto:\n", "---\nvolumes:\n  mosquitto:\n", "a second document begins here"},
		{"no tag", "apache/kafka:4.1.2", "apache/kafka", "the image apache/kafka is another one tomorrow"},
		{"latest", "apache/kafka:4.1.2", "apache/kafka:latest", "c.yaml:16: kafka: the image apache/kafka:latest"},
		{"localhost", "mosquitto:1883\", --kafka", "localhost:1883\", --kafka", "localhost:1883 is this container itself"},
		{"no such service", "\"kafka:9092\", --topic", "\"broker:9092\", --topic", "broker:9092: no service has the name broker"},
		{"the host's port", "\"kafka:9092\", --topic", "\"kafka:19092\", --topic", "kafka:19092 is the port on the host"},
		{"the host's listener", "\"kafka:9092\", --topic", "\"kafka:29092\", --topic", "at kafka:29092 Kafka sends its clients on to localhost:19092"},
		{"a port without a listener", "\"kafka:9092\", --topic", "\"kafka:9099\", --topic", "Kafka has no listener at that port"},
		{"a localhost that Kafka advertises", "NETWORK://kafka:9092", "NETWORK://localhost:9092", "at kafka:9092 Kafka sends its clients on to localhost:9092"},
		{"another listener's port that Kafka advertises", "NETWORK://kafka:9092", "NETWORK://kafka:29092", "at kafka:9092 Kafka sends its clients on to kafka:29092"},
		{"a network that isn't there", "    build: .\n    command: [bridge", "    networks: [a]\n    build: .\n    command: [bridge", `c.yaml:51: service "bridge" refers to undefined network a`},
		{"networks apart", "  kafka:\n    image", "  kafka:\n    networks: {other: {}}\n    image", "bridge and kafka have no network in common"},
		{"another's port of the host", "HOST://localhost:19092", "HOST://localhost:19192", "no listener advertises localhost:19092"},
		{"a port that isn't published", "19092:29092", "19092:9092", "ports don't publish 29092 of the container there"},
		{"a listener for the container", "NETWORK://:9092,HOST", "NETWORK://localhost:9092,HOST", "takes connections from the container itself only"},
		{"a sleep", bridge, `entrypoint: sh -c "sleep 20; exec lab bridge --broker mosquitto:1883"`, "it sleeps a fixed time"},
		{"started only", "kafka: {condition: service_healthy}", "kafka: {condition: service_started}", "not until it answers"},
		{"no dependency", "      kafka: {condition: service_healthy}\n      elasticsearch", "      elasticsearch", "export: it uses kafka and doesn't depend on it"},
		{"a check of nothing", `[CMD-SHELL, "nc -w 2 127.0.0.1 9092 </dev/null"]`, `[CMD-SHELL, "exit 0"]`, `its healthcheck "exit 0" is right whatever the server does`},
		{"a check that forgives", `[CMD-SHELL, "nc -w 2 127.0.0.1 9092 </dev/null"]`, `[CMD-SHELL, "nc -w 2 127.0.0.1 9092 </dev/null || exit 0"]`, "is right whatever the server does"},
		{"a check that fails by itself", `"nc -w 2 127.0.0.1 9092 </dev/null"`, `"nc -w 2 127.0.0.1 9092 </dev/null || exit 1"`, ""},
		{"a check without end", sub, `[CMD, mosquitto_sub, -t, "$$SYS/#"]`, "never ends"},
		{"a check with an end", sub, `[CMD, mosquitto_sub, -t, "$$SYS/#", -C, "1"]`, ""},
		{"a check by its subscription", sub, `mosquitto_sub -p 1883 -t x -E`, ""},
		{"a check of the port", sub, `nc -z localhost 1883`, ""},
		{"the shell's variable", sub, `mosquitto_sub -t $$SYS/# -C 1 -W 3`, "which is empty"},
		{"the shell's variable in quotes", sub, `[CMD-SHELL, 'mosquitto_sub -t "$$SYS/#" -C 1']`, "which is empty"},
		{"a dollar sign that the shell leaves", sub, `[CMD-SHELL, 'mosquitto_sub -t \$$SYS/# -C 1']`, ""},
		{"compose's variable", sub, `[CMD, mosquitto_sub, -t, $SYS/#, -C, "1"]`, "c.yaml:11: $SYS has no value on another machine: write the value, or ${SYS:-a value}, or $$SYS"},
		{"a link", bridge, "links: [\"kafka:broker\"]\n    " + strings.ReplaceAll(bridge, "kafka:9092", "broker:9092"), ""},
		{"an old version", "services:\n", "version: '3.8'\nservices:\n", ""},
		{"ports in the long form", `"127.0.0.1:9200:9200"`, `{target: 9200, published: "9200", host_ip: 127.0.0.1}`, ""},
		{"a command as text", bridge, "command: bridge --broker=tcp://mosquitto:1883 --kafka=kafka:9092 --topic smart", ""},
		{"an environment as a list", "environment:\n      discovery.type: single-node\n      xpack.security.enabled: \"false\"\n      ES_JAVA_OPTS: -Xms512m -Xmx512m", "environment: [discovery.type=single-node, xpack.security.enabled=false]", ""},
		{"no check", "    healthcheck:\n      test: [CMD-SHELL, \"nc", "    x-healthcheck:\n      test: [CMD-SHELL, \"nc", "kafka: others wait until it is healthy"},
		{"no volume", "    volumes: [\"kafka:/var/lib/kafka/data\"]\n", "", "kafka: no volume holds /var/lib/kafka/data"},
		{"a volume without a name", `"kafka:/var/lib/kafka/data"`, `"/var/lib/kafka/data"`, "has no name"},
		{"a volume elsewhere", "KAFKA_LOG_DIRS: /var/lib/kafka/data", "KAFKA_LOG_DIRS: /tmp/kraft-combined-logs", "no volume holds /tmp/kraft-combined-logs"},
		{"memory", "volumes: [\"kafka:/var/lib/kafka/data\"]", "tmpfs: [/var/lib/kafka/data]", "no volume holds /var/lib/kafka/data"},
		{"an open port", "127.0.0.1:9200:9200", "9200:9200", "port 9200 is open to every machine"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := all(t, solution(t, c.old, c.new))
			if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

// TestBombs: a file of few bytes that stands for very many is refused.
func TestBombs(t *testing.T) {
	text := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'j'; c++ {
		text += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+",", 8) + "*" + string(c-1) + "]\n"
	}
	for _, bomb := range []string{text + "services: {s: {image: 'a:1'}}\n", "a: &a {b: *a}\nservices: {}\n", strings.Repeat("[", 100_000)} {
		if _, err := Read(t.Context(), "c.yaml", []byte(bomb)); err == nil {
			t.Errorf("%.60q was read", bomb)
		}
	}
}

// TestPanics: what the library panics about is a finding too.
func TestPanics(t *testing.T) {
	if _, err := Read(t.Context(), "c.yaml", []byte("!reset null")); err == nil || !strings.HasPrefix(err.Error(), "c.yaml:1: ") {
		t.Errorf("error = %v", err)
	}
}

func TestDockerfile(t *testing.T) {
	const good = "# x\nARG TAG=3.22\nFROM alpine:${TAG} AS base\nRUN a \\\n # no\n && b\nFROM base\nCOPY --chown=1:1 lab /bin/\nCOPY --from=base /a /b\nUSER 1000\nENTRYPOINT [\"lab\"]\nCMD [\"bridge\"]\n"
	for _, c := range []struct{ name, old, new, want string }{
		{"good", "", "", ""},
		{"a tab", "USER 1000", "USER\t1000", ""},
		{"a here-document", "RUN a", "RUN <<EOF\nchmod 1 \\\nEOF\nRUN a", ""},
		{"lower case", "FROM base", "from base", ""},
		{"latest", "ARG TAG=3.22", "ARG TAG=latest", "D:3: the image alpine:latest is another one tomorrow"},
		{"root", "USER 1000\n", "", "D:7: it runs as root"},
		{"root by name", "USER 1000", "USER root", "D:10: it runs as root"},
		{"a shell", `ENTRYPOINT ["lab"]`, "ENTRYPOINT lab", "D:11: ENTRYPOINT lab runs in a shell"},
		{"a sleep", `["lab"]`, `["sh", "-c", "sleep 20; lab"]`, "D:11: it sleeps a fixed time"},
		{"a shell as a list", `["lab"]`, `["/bin/sh", "-c", "lab bridge"]`, "runs in a shell"},
		{"a shell that makes way", `["lab"]`, `["sh", "-c", "exec lab \"$@\"", "lab"]`, ""},
		{"a COPY as a list", "COPY --chown=1:1 lab /bin/", `COPY ["lab", "/bin/"]`, ""},
		{"a user with a group", "USER 1000", "USER nobody:nogroup", ""},
		{"nothing to run", "ENTRYPOINT [\"lab\"]\nCMD [\"bridge\"]\n", "", "D:7: nothing says what to run"},
		{"no such file", " lab ", " bin/lab ", "D:8: COPY has no bin/lab in its folder"},
		{"no such word", "USER", "USERS", "D:10: there is no instruction USERS"},
		{"no image", good, "", "D:1: there is no FROM"},
		{"a beginning without image", "# x\n", "USER 1\n", "D:1: USER comes before FROM"},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := Dockerfile("D", []byte(strings.Replace(good, c.old, c.new, 1)), "Dockerfile", "lab")
			got := ""
			for _, one := range found {
				got += one.Error() + "\n"
			}
			if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

// TestWorkDockerfile: lab 12's, with each TODO replaced by what the solution has there.
func TestWorkDockerfile(t *testing.T) {
	text, err := labs.Files.ReadFile("12-compose/work/Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	filled := string(text)
	for _, value := range []string{"3.22", "lab", "1000", `["lab"]`} {
		filled = strings.Replace(filled, "TODO", value, 1)
	}
	if found := Dockerfile("D", []byte(filled), "Dockerfile", "lab"); len(found) > 0 || strings.Contains(filled, "TODO") {
		t.Errorf("found %v in\n%s", found, filled)
	}
}

// TestReplaced: a CMD is replaced by the command of compose, and an ENTRYPOINT isn't.
func TestReplaced(t *testing.T) {
	for _, c := range []struct{ docker, old, new, want string }{
		{`ENTRYPOINT ["lab"]`, "", "", ""},
		{`CMD ["lab"]`, "", "", "D:3: CMD is replaced by the command of bridge, which then runs bridge as a program"},
		{`CMD ["/usr/local/bin/lab"]`, "command: [bridge, ", "command: [lab, bridge, ", "the command of export"},
		{"ENTRYPOINT [\"lab\"]\nCMD [\"bridge\"]", "", "", ""},
		{"CMD lab", "", "", ""},
	} {
		f, err := Read(t.Context(), "c.yaml", solution(t, c.old, c.new))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, one := range f.Replaced("D", []byte("FROM alpine:3.22\nUSER 1\n"+c.docker)) {
			got += one.Error()
		}
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: found %q, want %q", c.docker, got, c.want)
		}
	}
}
