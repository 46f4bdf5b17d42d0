package fence

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"hoplab.example/harness/client/flink"
)

// check returns "" if an option can have the value, or what to write instead.
type check func(rules Rules, value string) string

func anything(Rules, string) string { return "" }

func oneOf(values ...string) check {
	return func(_ Rules, value string) string {
		if slices.Contains(values, value) {
			return ""
		}
		return among(values)
	}
}

func matches(pattern, say string) check {
	compiled := regexp.MustCompile("^(?:" + pattern + ")$")
	return func(_ Rules, value string) string {
		if compiled.MatchString(value) {
			return ""
		}
		return say
	}
}

// named accepts the run's own names and addresses, each with one of some beginnings. What
// to write instead is the parameter: the values are others the next time.
func named(parameter string, values func(Rules) []string, schemes ...string) check {
	return func(rules Rules, value string) string {
		for _, scheme := range schemes {
			if rest, found := strings.CutPrefix(value, scheme); found && slices.Contains(values(rules), rest) {
				return ""
			}
		}
		return "write '" + schemes[0] + parameter + "'"
	}
}

var (
	theTopic         = named("${topic}", func(r Rules) []string { return []string{r.Topic} }, "")
	ownSource        = named("${source}", func(r Rules) []string { return []string{r.Source} }, "")
	ownMQTT          = named("${mqtt}", func(r Rules) []string { return r.MQTT }, "tcp://")
	ownKafka         = named("${kafka}", func(r Rules) []string { return r.Kafka }, "")
	ownElasticsearch = named("${elasticsearch}", func(r Rules) []string { return r.Elasticsearch }, "http://", "https://")
)

// indexSuffix is what can follow an index's name and "-": plain text. Fields in braces,
// which Flink fills in, could make one index per row until the server accepts no
// more, from anybody.
var indexSuffix = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// ownTopic takes the run's topic and those that the lab has beside it.
func ownTopic(rules Rules, value string) string {
	if slices.Contains(rules.Topics, value) {
		return ""
	}
	do := theTopic(rules, value)
	for _, other := range rules.Topics {
		if do == "" {
			break
		}
		do += " or '${topic}" + strings.TrimPrefix(other, rules.Topic) + "'"
	}
	return do
}

func ownIndex(rules Rules, value string) string {
	after, longer := strings.CutPrefix(value, rules.Index+"-")
	if value == rules.Index || longer && indexSuffix.MatchString(after) {
		return ""
	}
	return "write '${index}', or a name that begins with '${index}-'"
}

// The slots of a cluster are shared by everybody.
var parallelism = matches(" *[1-4] *", "write a number from 1 to 4")

// connectors has the options allowed for each connector. Source: Flink 1.20's
// documentation, "Table API Connectors".
var connectors = map[string]map[string]check{
	"kafka": join(formats, kafka, map[string]check{
		"scan.startup.mode": anything, "scan.startup.specific-offsets": anything, "scan.startup.timestamp-millis": anything,
		"scan.bounded.mode": anything, "scan.bounded.specific-offsets": anything, "scan.bounded.timestamp-millis": anything,
		"scan.topic-partition-discovery.interval": anything, "scan.parallelism": parallelism,
		"scan.watermark.idle-timeout": anything, "scan.watermark.emit.strategy": anything, "scan.watermark.emit.on-event.gap": anything,
		"sink.partitioner": oneOf("default", "fixed", "round-robin"),
	}),
	"upsert-kafka": join(formats, kafka, map[string]check{
		"sink.buffer-flush.max-rows": anything, "sink.buffer-flush.interval": anything,
	}),
	"elasticsearch-7": join(formats, map[string]check{
		"hosts": ownElasticsearch, "index": ownIndex, "document-id.key-delimiter": anything,
		"failure-handler":          oneOf("fail", "ignore", "retry-rejected"),
		"sink.flush-on-checkpoint": anything, "sink.delivery-guarantee": oneOf("none", "at-least-once"), "sink.parallelism": parallelism,
		"sink.bulk-flush.max-actions": anything, "sink.bulk-flush.max-size": anything, "sink.bulk-flush.interval": anything,
		"sink.bulk-flush.backoff.strategy": anything, "sink.bulk-flush.backoff.max-retries": anything, "sink.bulk-flush.backoff.delay": anything,
		"connection.timeout": anything, "connection.request-timeout": anything, "socket.timeout": anything,
	}),
	"datagen": {"rows-per-second": matches("[0-9]{1,5}", "write a number below 100000"), "number-of-rows": anything, "fields.": anything, "scan.parallelism": parallelism,
		"fields.*.length": matches("[0-9]{1,3}|1000", "write a number up to 1000"),
		"fields.*.start":  matches("-?[0-9]{1,7}", "write a number with up to 7 digits"), "fields.*.end": matches("-?[0-9]{1,7}", "write a number with up to 7 digits"),
	},
	"blackhole": {},
}

// kafka has the options that both connectors of Kafka share.
var kafka = map[string]check{
	"topic": ownTopic, "properties.bootstrap.servers": ownKafka,
	"properties.group.id": anything, "properties.auto.offset.reset": anything, "properties.client.id": anything,
	"properties.isolation.level": anything, "properties.max.poll.records": anything, "properties.enable.auto.commit": anything,
	"key.fields": anything, "key.fields-prefix": anything, "value.fields-include": anything,
	"sink.delivery-guarantee": oneOf("none", "at-least-once"), "sink.parallelism": parallelism,
}

// formats has the options of formats that don't contact a server.
var formats = map[string]check{
	"format": oneOf("json", "raw", "csv"), "key.format": oneOf("json", "raw", "csv"), "value.format": oneOf("json", "raw", "csv"),
	"json.": anything, "raw.": anything, "csv.": anything,
	"key.json.": anything, "key.raw.": anything, "key.csv.": anything,
	"value.json.": anything, "value.raw.": anything, "value.csv.": anything,
}

func join(all ...map[string]check) map[string]check {
	joined := map[string]check{}
	for _, m := range all {
		maps.Copy(joined, m)
	}
	return joined
}

// find returns the check of a key, or of the group that it belongs to: first, with a
// star for the name of a field, and then one whose name ends with a dot.
func find(checks map[string]check, key string) check {
	if c := checks[key]; c != nil && !strings.HasSuffix(key, ".") && !strings.Contains(key, "*") {
		return c
	}
	if first, last := strings.Index(key, "."), strings.LastIndex(key, "."); first < last {
		if c := checks[key[:first]+".*"+key[last:]]; c != nil {
			return c
		}
	}
	for group, c := range checks {
		if strings.HasSuffix(group, ".") && strings.HasPrefix(key, group) {
			return c
		}
	}
	return nil
}

func (rules Rules) table(file string, options []option) error {
	seen := map[string]flink.Token{}
	for _, o := range options {
		if first, twice := seen[o.key.Text]; twice {
			return faultAt(file, o.key, fmt.Sprintf("the option '%s' is given twice, first on line %d", o.key.Text, first.Line), "leave one out")
		}
		seen[o.key.Text] = o.value
	}
	connector, ok := seen["connector"]
	if connector.Text == "print" {
		return faultAt(file, connector, "the connector 'print' isn't allowed: it fills the log of a server that others use too", "use a SELECT to see rows, or the connector 'blackhole'")
	}
	checks, known := connectors[connector.Text]
	if !ok || !known {
		where := options[0].key
		if ok {
			where = connector
		}
		return faultAt(file, where, fmt.Sprintf("the connector '%s' isn't allowed", connector.Text), among(slices.Collect(maps.Keys(connectors))))
	}
	var faults []error
	for _, o := range options {
		faults = append(faults, rules.option(file, connector.Text, checks, o))
	}
	return errors.Join(faults...)
}

func (rules Rules) option(file, connector string, checks map[string]check, o option) error {
	if o.key.Text == "connector" {
		return nil
	}
	c := find(checks, o.key.Text)
	if c == nil {
		return faultAt(file, o.key, fmt.Sprintf("the option '%s' of connector '%s' isn't allowed", o.key.Text, connector), "leave it out, or correct its spelling")
	}
	if do := c(rules, o.value.Text); do != "" {
		return faultAt(file, o.value, fmt.Sprintf("'%s' can't be '%s'", o.key.Text, o.value.Text), do)
	}
	return nil
}

func faultAt(file string, t flink.Token, reason, do string) error {
	return &Fault{File: file, Line: t.Line, Column: t.Column, Reason: reason, Do: do}
}
