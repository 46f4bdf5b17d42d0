package fence

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"hoplab.example/harness/client/connect"
)

// classes are the connectors that a lab can use, with the keys allowed for each.
// Left out, among others, are transforms and predicates, which can send records to
// another topic, and overrides of the worker's own clients.
var classes = map[string]map[string]check{
	"org.apache.camel.kafkaconnector.CamelSourceConnector": join(common, map[string]check{
		"topics": theTopic, "camel.source.url": paho,
		"camel.source.maxPollDuration": upTo10000, "camel.source.maxBatchPollSize": upTo10000,
		"camel.component.seda.queueSize":            matches("[1-9][0-9]{0,3}|1[0-9]{4}", "write a number below 20000: a longer queue takes memory that others need, and none is long enough for each pause"),
		"camel.component.seda.defaultBlockWhenFull": anything,
		"camel.error.handler":                       oneOf("default", "no"), "camel.error.handler.max.redeliveries": matches("-1|[0-9]{1,6}", "write -1 or a number below 1000000"),
		"camel.error.handler.redelivery.delay": matches("[0-9]{1,4}|10000", "write a number from 0 to 10000"),
	}),
	"io.confluent.connect.mqtt.MqttSourceConnector": join(common, map[string]check{
		"mqtt.server.uri": ownMQTT, "mqtt.topics": ownSource, "kafka.topic": theTopic,
		"mqtt.qos": oneOf("0", "1", "2"), "mqtt.clean.session.enabled": anything,
		"confluent.topic.bootstrap.servers": ownKafka, "confluent.topic.replication.factor": anything,
	}),
}

var converter = oneOf("org.apache.kafka.connect.storage.StringConverter", "org.apache.kafka.connect.converters.ByteArrayConverter", "org.apache.kafka.connect.json.JsonConverter")

var common = map[string]check{
	"connector.class": anything, "name": anything, "tasks.max": parallelism,
	"key.converter": converter, "value.converter": converter,
	"key.converter.schemas.enable": anything, "value.converter.schemas.enable": anything,
	"errors.tolerance": oneOf("none", "all"), "errors.log.enable": anything, "errors.log.include.messages": anything,
}

// Connector checks the config of a connector of Kafka Connect, with its parameters
// filled in. The error joins a *[Fault] for each thing that is refused.
func Connector(file string, text []byte, rules Rules) error {
	if err := tooLarge(file, len(text), ConfigBytes); err != nil {
		return err
	}
	config, err := parseJSON(file, text, 1)
	if err != nil {
		return err
	}
	config = unwrapped(config)
	if !config.object {
		return &Fault{File: file, Line: config.line, Reason: "the config isn't a JSON object", Do: `write {"connector.class": "…", …}`}
	}
	class := ""
	var faults []error
	for _, m := range config.members {
		value, ok := m.value.text()
		switch {
		case m.key == "transforms" || strings.HasPrefix(m.key, "transforms."):
			// They can send records to another topic.
			faults = append(faults, refuse(file, m.line, "transforms aren't allowed here, which "+m.key+" is about", "leave it out; a converter can do what the lab asks for"))
		case !ok:
			faults = append(faults, refuse(file, m.line, m.key+" has no single value", "write a text in double quotes, a number, true or false"))
		case strings.ContainsAny(value, "{}"):
			// ${file:…} is filled in by the worker (KIP-297), and {{env:…}} by Camel (its
			// manual, "Using PropertyPlaceholder"), with what the worker can read.
			faults = append(faults, refuse(file, m.line, fmt.Sprintf("%s is %q, which the server would fill in", m.key, value), "write the value itself"))
		case m.key == "connector.class":
			class = value
		}
	}
	if len(faults) > 0 {
		return errors.Join(faults...)
	}
	keys := classes[className(class)]
	if keys == nil {
		return refuse(file, config.line, fmt.Sprintf("the connector.class %q isn't allowed", class), among(slices.Collect(maps.Keys(classes))))
	}
	for _, m := range config.members {
		faults = append(faults, rules.setting(file, keys, m))
	}
	return errors.Join(faults...)
}

// className returns the full name of a connector's class. Connect also takes the name
// without its package, and without "Connector". Source: Apache Kafka, "Connect
// Configuration", connector.class.
func className(short string) string {
	for full := range classes {
		if simple := full[strings.LastIndex(full, ".")+1:]; short == simple || short+"Connector" == simple {
			return full
		}
	}
	return short
}

func (rules Rules) setting(file string, keys map[string]check, m member) error {
	c := keys[CamelCase(m.key)]
	if c == nil {
		return refuse(file, m.line, fmt.Sprintf("the key %q isn't allowed", m.key), "leave it out, or correct its spelling")
	}
	value, _ := m.value.text()
	if do := c(rules, value); do != "" {
		return refuse(file, m.value.line, fmt.Sprintf("%s can't be %q", m.key, value), do)
	}
	return nil
}

// dashed matches a letter after a dash.
var dashed = regexp.MustCompile("-[a-z]")

// CamelCase returns the key of a connector's config in the one of Camel's two forms
// that the fence knows: queueSize for queue-size. Source: Camel's manual, "Camel Main".
func CamelCase(key string) string {
	return dashed.ReplaceAllStringFunc(key, func(s string) string { return strings.ToUpper(s[1:]) })
}

// unwrapped returns the config of {"name": …, "config": {…}}, the form in which a
// connector is posted, or that in which Connect gives it out.
func unwrapped(n node) node {
	inner := n
	for _, m := range n.members {
		if !connect.Around(m.key) {
			return n
		}
		if m.key == "config" && m.value.object {
			inner = m.value
		}
	}
	return inner
}

func refuse(file string, line int, reason, do string) error {
	return &Fault{File: file, Line: line, Reason: reason, Do: do}
}

// upTo10000 is for batches, and for milliseconds: a task can't be stopped while it polls,
// nor its connection closed.
var upTo10000 = matches("[1-9][0-9]{0,3}|10000", "write a number from 1 to 10000")

// pahoOptions are the options of Camel's MQTT endpoint that neither leave the run's
// broker nor write a file.
var pahoOptions = map[string]check{
	"brokerUrl": ownMQTT, "clientId": ownClient, "qos": oneOf("0", "1", "2"),
	"cleanSession": oneOf("true", "false"), "automaticReconnect": oneOf("true", "false"), "persistence": oneOf("MEMORY"),
	"keepAliveInterval": number, "connectionTimeout": number, "maxInflight": upTo10000, "maxReconnectDelay": number,
}

var number = matches("[0-9]{1,6}", "write a number")

func ownClient(rules Rules, value string) string {
	if value == rules.Client || strings.HasPrefix(value, rules.Client+"-") {
		return ""
	}
	return "write '${client}', or a name that begins with '${client}-'"
}

// paho checks a URL such as paho:smart?brokerUrl=tcp://127.0.0.1:1883&qos=1.
func paho(rules Rules, value string) string {
	if strings.ContainsAny(value, "%+#()\\ \t\r\n") {
		return "write the URL without %, +, #, parentheses and spaces"
	}
	topic, query, _ := strings.Cut(value, "?")
	if topic != "paho:"+rules.Source {
		return "begin it with paho:${source}?"
	}
	seen := map[string]bool{}
	for part := range strings.SplitSeq(query, "&") {
		key, v, _ := strings.Cut(part, "=")
		c := pahoOptions[key]
		switch {
		case c == nil:
			return fmt.Sprintf("leave %q out; %s", key, among(slices.Collect(maps.Keys(pahoOptions))))
		case seen[key]:
			return fmt.Sprintf("give %s once", key)
		}
		if do := c(rules, v); do != "" {
			return fmt.Sprintf("for %s, %s", key, do)
		}
		seen[key] = true
	}
	if !seen["brokerUrl"] || !seen["clientId"] {
		return "give it brokerUrl=… and clientId=…"
	}
	return ""
}
