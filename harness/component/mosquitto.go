package component

import (
	"context"
	"fmt"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// MQTTWindow is how many QoS 1 messages a broker may have unacknowledged with
// one client. It is MQTT 3.1.1's only flow control: a subscriber that can hold
// this many never has to stop reading, and so never misses a keepalive.
const MQTTWindow = 2000

// MQTTQueue is how many messages a broker keeps for a client that is away.
// Mosquitto's own default, 1000, drops the rest without telling anybody.
const MQTTQueue = 1_000_000

var mqttPort = []Port{{Name: "mqtt", Number: 1883}}

// Mosquitto is the MQTT broker of the lab, from a distribution's package.
func Mosquitto() Component {
	return Component{
		Name:         "mosquitto",
		Program:      Program{Binary: "mosquitto"},
		Ports:        mqttPort,
		MemoryMiB:    64,
		BootLimit:    20 * time.Second,
		Unprivileged: true,
		Process:      mosquittoProcess,
		Ready:        mqttReady("mosquitto"),
	}
}

func mosquittoProcess(s Site) Process {
	host, port := split(s.Bind("mqtt"))
	conf := fmt.Sprintf(`listener %s %s
allow_anonymous true
max_inflight_messages %d
max_queued_messages %d
# A restart must not forget what a client that was away has to get.
persistence true
persistence_location %s/
autosave_interval 5
sys_interval 1
set_tcp_nodelay true
log_dest stderr
`, port, host, MQTTWindow, MQTTQueue, s.Dir)
	return Process{
		Files:   []File{{"mosquitto.conf", conf}},
		Command: []string{s.Executable, "-c", s.Dir + "/mosquitto.conf"},
	}
}

// Mochi is the MQTT broker built into hoplab, for machines without mosquitto.
func Mochi() Component {
	return Component{
		Name:      "mochi",
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
		options := mqtt.NewClientOptions().
			AddBroker("tcp://" + at.Addr(name, "mqtt")).
			SetClientID("hoplab-ready").
			SetConnectTimeout(2 * time.Second)
		client := mqtt.NewClient(options)
		token := client.Connect()
		select {
		case <-token.Done():
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := token.Error(); err != nil {
			return err
		}
		client.Disconnect(0)
		return nil
	}
}
