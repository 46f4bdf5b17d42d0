// Package cleanup makes sure that a run's names are free before it begins on
// servers that others use too, and removes what the run has made under them.
package cleanup

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/kibana"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/flow/dashboard"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/server/access/dial"
)

const stepLimit = 20 * time.Second // for one kind of thing to be removed

// Remove removes what a run has made under its names, and nothing else: the
// connector, the Flink jobs, the dashboard, the index and its template, the topic,
// and the sessions of its MQTT clients. What isn't there isn't an error, nor is a
// component that the stack doesn't have.
func Remove(ctx context.Context, p pipeline.Pipeline) error {
	return each(ctx, p, []step{
		{"connector", "connect", "rest", func(ctx context.Context) error { return p.ConnectClient().Delete(ctx, p.Connector()) }},
		{"Flink jobs", "flink-jobmanager", "rest", func(ctx context.Context) error { return cancelJobs(ctx, p) }},
		{"dashboard", "kibana", "http", func(ctx context.Context) error { return removeKibana(ctx, p) }},
		{"index", "elasticsearch", "http", func(ctx context.Context) error { return removeIndex(ctx, p) }},
		{"topic", "kafka", "client", func(ctx context.Context) error { return removeTopic(ctx, p) }},
		{"MQTT sessions", p.Broker, "mqtt", func(ctx context.Context) error { return removeSessions(ctx, p) }},
		{"retained message", p.Broker, "mqtt", func(ctx context.Context) error { return removeRetained(ctx, p) }},
	})
}

// RemoveNamed removes the connectors, indices and topics that a student's files have made
// beside the run's, under names that begin with the run's own and "-". Use it only
// where nobody else can have chosen such a name.
func RemoveNamed(ctx context.Context, p pipeline.Pipeline) error {
	return each(ctx, p, []step{
		{"other connectors", "connect", "rest", func(ctx context.Context) error { return removeConnectors(ctx, p) }},
		{"other indices", "elasticsearch", "http", func(ctx context.Context) error {
			return p.ElasticClient().DeleteIndices(ctx, p.Names.Index+"-")
		}},
		{"other topics", "kafka", "client", func(ctx context.Context) error { return removeNamedTopics(ctx, p) }},
	})
}

// step removes one kind of thing, where the component has an address.
type step struct {
	what, component, port string
	do                    func(context.Context) error
}

func each(ctx context.Context, p pipeline.Pipeline, steps []step) error {
	var errs []error
	for _, s := range steps {
		if p.Sites.Addr(s.component, s.port) == "" {
			continue
		}
		limited, cancel := context.WithTimeout(ctx, stepLimit)
		if err := s.do(limited); err != nil {
			errs = append(errs, fmt.Errorf("remove the run's %s: %w", s.what, err))
		}
		cancel()
	}
	return errors.Join(errs...)
}

func removeConnectors(ctx context.Context, p pipeline.Pipeline) error {
	names, err := p.ConnectClient().Names(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range names {
		if strings.HasPrefix(name, p.Connector()+"-") {
			errs = append(errs, p.ConnectClient().Delete(ctx, name))
		}
	}
	return errors.Join(errs...)
}

func cancelJobs(ctx context.Context, p pipeline.Pipeline) error {
	jobs, err := p.Flink().Jobs(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, job := range jobs {
		if !job.Over() && Owns(p.Names, job.Name) {
			errs = append(errs, p.Flink().Cancel(ctx, job.ID))
		}
	}
	return errors.Join(errs...)
}

// Owns reports whether a job of that name is of the run that has these names: hoplab names
// jobs so, and Flink names that of an INSERT after its table.
func Owns(n pipeline.Names, job string) bool {
	for _, name := range []string{"export " + n.Index, "probe " + n.Table, "windows of " + n.Table, "insert-into_default_catalog.default_database." + n.Sink} {
		if strings.EqualFold(job, name) {
			return true
		}
	}
	return false
}

func removeKibana(ctx context.Context, p pipeline.Pipeline) error {
	_, text, err := dashboard.KibanaObjects(p, panel.Range{}, 0)
	if err != nil {
		return err
	}
	return dashboard.Kibana(p).Delete(ctx, kibana.Refs(text))
}

func removeIndex(ctx context.Context, p pipeline.Pipeline) error {
	client := p.ElasticClient()
	return errors.Join(client.DeleteIndex(ctx, p.Names.Index), client.DeleteTemplate(ctx, p.Names.Index))
}

// topics returns the topics that a run may make.
func topics(p pipeline.Pipeline) []string {
	return []string{p.Names.Topic, p.ExporterConfig().Rejected}
}

func removeTopic(ctx context.Context, p pipeline.Pipeline) error {
	return removeTopics(ctx, p, topics(p))
}

func removeNamedTopics(ctx context.Context, p pipeline.Pipeline) error {
	client := p.KafkaClient()
	defer client.Transport.(*kafka.Transport).CloseIdleConnections()
	meta, err := client.Metadata(ctx, &kafka.MetadataRequest{})
	if err != nil {
		return dial.Explain("kafka", p.Kafka(), p.Access["kafka"], err)
	}
	var names []string
	for _, t := range meta.Topics {
		if strings.HasPrefix(t.Name, p.Names.Topic+"-") {
			names = append(names, t.Name)
		}
	}
	return removeTopics(ctx, p, names)
}

func removeTopics(ctx context.Context, p pipeline.Pipeline, names []string) error {
	if len(names) == 0 {
		return nil
	}
	client := p.KafkaClient()
	defer client.Transport.(*kafka.Transport).CloseIdleConnections()
	res, err := client.DeleteTopics(ctx, &kafka.DeleteTopicsRequest{Topics: names})
	if err != nil {
		return dial.Explain("kafka", p.Kafka(), p.Access["kafka"], err)
	}
	for _, topic := range names {
		if err := res.Errors[topic]; err != nil && !errors.Is(err, kafka.UnknownTopicOrPartition) {
			return err
		}
	}
	return nil
}

// removeSessions makes the broker forget the run's clients: a clean session under
// a client's name ends the kept one.
func removeSessions(ctx context.Context, p pipeline.Pipeline) error {
	var errs []error
	for _, id := range p.ClientIDs() {
		errs = append(errs, RemoveSession(ctx, p, id))
	}
	return errors.Join(errs...)
}

// RemoveSession makes the broker forget one client.
func RemoveSession(ctx context.Context, p pipeline.Pipeline, id string) error {
	client, err := wire.Session{Addr: p.MQTT(), Login: p.Access[p.Broker], ClientID: id}.Connect(ctx)
	if err == nil {
		client.Disconnect(100)
	}
	return err
}

// removeRetained has the broker forget what it would send to whoever subscribes: an
// empty message takes the place of the one that is retained (OASIS MQTT 3.1.1, 3.3.1.3).
func removeRetained(ctx context.Context, p pipeline.Pipeline) error {
	client, err := wire.Session{Addr: p.MQTT(), Login: p.Access[p.Broker], ClientID: p.ClientIDs()[0]}.Connect(ctx)
	if err != nil {
		return err
	}
	defer client.Disconnect(100)
	return wire.Answer(ctx, client.Publish(p.Names.Source, 1, true, ""))
}
