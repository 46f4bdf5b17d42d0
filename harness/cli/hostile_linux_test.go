package cli

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/segmentio/kafka-go"
	"golang.org/x/sys/unix"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/run"
	"hoplab.example/harness/server/access/dial"
)

const (
	table = "CREATE TABLE w (a INT) WITH ('connector' = '%s');\n"
	ended = "ended a server each time"
)

// doubled makes a text of a megabyte, and doubles it nine times. A constant one fills the
// memory of the gateway, which computes it while it plans, another one the TaskManager's.
func doubled(megabyte string) string {
	sql := "CREATE VIEW v0 AS SELECT " + megabyte + " AS s;\n"
	for i := range 9 {
		sql += fmt.Sprintf("CREATE VIEW v%d AS SELECT s || s AS s FROM v%d;\n", i+1, i)
	}
	return sql + "SELECT CHAR_LENGTH(s) FROM v9;\nCREATE TABLE"
}

// hostile are ten pupils whose files fill what they share with others.
func hostile() []pupil {
	script := func(name, text string, points int, check, reason string) pupil {
		return pupil{name, "01-publish", "publish.sh", text, points, check, reason}
	}
	sql := func(name, new string, points int, check, reason string) pupil {
		return changed(name, "03-flink", "tables.sql", "CREATE TABLE", new, points, check, reason)
	}
	sinks := "EXECUTE STATEMENT SET BEGIN\n" + strings.Repeat("INSERT INTO w SELECT 1;\n", 255) + "END;\nCREATE TABLE"
	return []pupil{
		sql("eve-long", doubled("REPEAT(UUID(), 30000)"), 1, "runs", ended+"|wasn't done within"), // on a slow machine its time is over first
		script("eve-sockets", "for i in 1 2 3 4 5 6 7 8; do lab hostile sockets & done; wait", 1, "ends", "used up its sockets"),
		script("eve-flood", `lab hostile flood "$MQTT" "$TOPIC"`, 1, "ends", "published far more messages than there are rows"),
		changed("eve-sinks", "04-export", "export.sql", "CREATE TABLE", fmt.Sprintf(table, "blackhole")+sinks, 0, "files", "more than 4 INSERTs"),
		sql("eve-views", doubled("REPEAT('x', 1000000)"), 1, "runs", ended),
		script("eve-shared\x1b[2J", "lab hostile shared || exit 7", 1, "ends", "exit code 7"),
		script("eve-unlinked", "for i in 1 2 3 4 5 6 7 8; do (exec 9>f$i; rm f$i; head -c 15M /dev/zero >&9; sleep 20) & done; wait", 1, "ends", "used up its disk space"),
		sql("eve-nine", fmt.Sprintf(table, "blackhole")+strings.Repeat("INSERT INTO w SELECT 1;\n", 9)+"CREATE TABLE", 0, "files", "more than 4 INSERTs"),
		sql("eve-print", fmt.Sprintf(table, "print")+"CREATE TABLE", 0, "files", "fills the log"),
		script("eve-retains", `lab hostile retain "$MQTT" "$TOPIC"; lab publish --broker "$MQTT" --topic "$TOPIC" --qos 1 --input "$INPUT"`, 3, "rows", ""),
	}
}

func init() {
	asLab = func() {
		if len(os.Args) > 2 && os.Args[1] == "hostile" {
			os.Exit(attack(os.Args[2], os.Args[3:]))
		}
		Main()
	}
}

// attack is what a pupil's script does with a program of its own.
func attack(how string, args []string) int {
	switch how {
	case "sockets":
		text := make([]byte, 64<<10)
		for range 50 {
			pair, _ := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK, 0)
			for n := 1; n > 0; {
				n, _ = unix.Write(pair[0], text)
			}
		}
		time.Sleep(time.Minute)
	case "shared":
		for range 64 {
			memory, err := unix.Mmap(-1, 0, 64<<20, unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANONYMOUS)
			if err != nil {
				fmt.Println(err)
				return 1
			}
			clear(memory)
			unix.Madvise(memory, unix.MADV_DONTNEED)
		}
	case "flood", "retain":
		return floods(how == "retain", args[0], args[1])
	}
	return 0
}

// floods publishes six million empty messages, or one that is retained, in a session
// that is kept, under the id that the run's probe has had.
func floods(retain bool, broker, topic string) int {
	conn, err := net.Dial("tcp", broker)
	if err != nil {
		return 1
	}
	go io.Copy(io.Discard, conn)
	id := "hoplab-probe-" + topic
	head := fmt.Sprintf("\x10%c\x00\x04MQTT\x04\x00\x00\x3c\x00%c%s", 12+len(id), len(id), id)
	packet := fmt.Sprintf("%c%c\x00%c%s", map[bool]int{true: 0x31, false: 0x30}[retain], 2+len(topic), len(topic), topic)
	if retain {
		packet = fmt.Sprintf("\x31%c\x00%c%sx", 3+len(topic), len(topic), topic)
	}
	conn.Write([]byte(head))
	many := []byte(strings.Repeat(packet, map[bool]int{true: 1, false: 1000}[retain]))
	for range map[bool]int{true: 1, false: 6000}[retain] {
		if _, err := conn.Write(many); err != nil {
			return 1
		}
	}
	time.Sleep(time.Second / 2)
	return 0
}

// left lists what is on the servers: topics, indices, jobs that run, retained messages.
func left(t *testing.T) string {
	t.Helper()
	up, err := run.Choose(t.Context(), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	logins, err := up.Client.Access()
	if err != nil {
		t.Fatal(err)
	}
	p := pipeline.Pipeline{Sites: up.State, Names: pipeline.NewNames("left"), Broker: "mosquitto", Access: logins}
	var there []string
	meta, err := p.KafkaClient().Metadata(t.Context(), &kafka.MetadataRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range meta.Topics {
		there = append(there, "topic "+topic.Name)
	}
	for _, path := range []string{"/_cat/indices?h=index", "/_cat/templates?h=name"} {
		answer, err := (&http.Client{Transport: dial.HTTP(logins["elasticsearch"], 0)}).Get(dial.URL(logins["elasticsearch"], p.Elasticsearch()) + path)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		there = append(there, strings.Fields(string(text))...)
	}
	jobs, err := p.Flink().Jobs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range jobs {
		if !job.Over() {
			there = append(there, "job "+job.Name)
		}
	}
	retained := make(chan string, 100)
	client, err := wire.Session{Addr: p.MQTT(), ClientID: "left", Login: logins["mosquitto"]}.Subscribe(t.Context(), "#", 1, func(m mqtt.Message) { retained <- m.Topic() })
	if err != nil {
		t.Fatal(err)
	}
	defer client.Disconnect(100)
	for waiting := true; waiting; {
		select {
		case topic := <-retained:
			there = append(there, "retained "+topic)
		case <-time.After(time.Second / 5):
			waiting = false
		}
	}
	slices.Sort(there)
	return strings.Join(there, "\n")
}
