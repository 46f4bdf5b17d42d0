package component

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/tool"
)

// MQTTWindow is how many QoS 1 messages a broker may have unacknowledged with
// one client. MQTT 3.1.1 has no other flow control (5.0 has one, in 4.9): a subscriber
// that can hold this many never has to stop reading, and so never misses a keepalive.
const MQTTWindow = 2000

// MQTTQueue is how many messages a broker keeps for a client that is away.
// Mosquitto's own default is 1000; it drops the rest, and logs only that it has begun
// to (src/conf.c and src/database.c).
const MQTTQueue = 1_000_000

var mqttPort = []Port{{Name: "mqtt", Number: 1883}}

// Mosquitto is the MQTT broker of the lab, from a distribution's package.
func Mosquitto() Component {
	return Component{
		Name:         "mosquitto",
		Hop:          "mqtt",
		Attach:       []string{"mqtt"},
		Program:      Program{Binary: tool.Mosquitto},
		Ports:        mqttPort,
		MemoryMiB:    64,
		BootLimit:    20 * time.Second,
		Unprivileged: true,
		Process:      func(s Site) Process { return mosquittoProcess(s, MQTTQueue) },
		Ready:        mqttReady("mosquitto"),
	}
}

// SmallMQTTQueue is the queue of [SmallMosquitto], in messages.
const SmallMQTTQueue = 5000

// SmallMosquitto is one whose queue is soon full.
func SmallMosquitto() Component {
	c := Mosquitto()
	c.Name = "mosquitto-small"
	c.Process = func(s Site) Process { return mosquittoProcess(s, SmallMQTTQueue) }
	c.Ready = mqttReady(c.Name)
	return c
}

func mosquittoProcess(s Site, queue int) Process {
	host, port := split(s.Bind("mqtt"))
	conf := fmt.Sprintf(`listener %s %s
%smax_inflight_messages %d
max_queued_messages %d
# A restart must not forget what a client that was away has to get.
persistence true
persistence_location %s/
autosave_interval 5
sys_interval 1
set_tcp_nodelay true
log_dest stderr
`, port, host, mosquittoUsers(s), MQTTWindow, queue, s.Dir)
	return Process{
		Files:   append([]File{{Path: "mosquitto.conf", Text: conf}}, mosquittoPasswords(s.Secrets["mosquitto"])...),
		Command: []string{s.Executable, "-c", s.Dir + "/mosquitto.conf"},
	}
}

// Mochi is the MQTT broker built into hoplab, for machines without mosquitto.
func Mochi() Component {
	return Component{
		Name:      "mochi",
		Hop:       "mqtt",
		Attach:    []string{"mqtt"},
		Program:   Program{Builtin: "mochi"},
		Ports:     mqttPort,
		MemoryMiB: 128,
		BootLimit: 20 * time.Second,
		Process: func(s Site) Process {
			return Process{Command: []string{s.Executable, s.Bind("mqtt")}}
		},
		Ready: mqttReady("mochi"),
	}
}

// mqttReady connects as a client: an open port alone may still refuse.
func mqttReady(name string) func(context.Context, Addresses) error {
	return func(ctx context.Context, at Addresses) error {
		addr, login := at.Addr(name, "mqtt"), loginOf(at, name)
		options := dial.MQTT(mqtt.NewClientOptions(), login).
			AddBroker(dial.MQTTURL(login, addr)).
			SetClientID("hoplab-ready-" + rand.Text()[:8]). // another's of the same id would be hung up on
			SetProtocolVersion(4).
			SetCleanSession(true).
			SetConnectTimeout(2 * time.Second)
		client := mqtt.NewClient(options)
		token := client.Connect()
		select {
		case <-token.Done():
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := token.Error(); err != nil {
			return dial.Explain(name, addr, login, err)
		}
		client.Disconnect(0)
		return nil
	}
}
