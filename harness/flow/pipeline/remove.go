package pipeline

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/server/access/dial"
)

const tidyLimit = 10 * time.Second // for one server to answer

// TakenError says that something is there already under a name that a run was
// to use for its own.
type TakenError struct{ What, Name, Addr string }

func (e *TakenError) Error() string {
	return fmt.Sprintf("%s %q is at %s already; nothing was touched", e.What, e.Name, e.Addr)
}

// Hint says what to do about it.
func (e *TakenError) Hint() string {
	return "hoplab would mix its rows with what is there: choose another prefix, or remove it yourself if nobody needs it"
}

// Claim makes sure that none of the run's names is taken on a cluster that
// others use too. It changes nothing. What Remove later removes is the run's own
// only after a Claim.
func (p Pipeline) Claim(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, templateLimit)
	defer cancel()
	if addr := p.Sites.Addr("kafka", "client"); addr != "" {
		there, err := p.topicIsThere(ctx)
		if err != nil || there {
			return p.claimed("topic", p.Names.Topic, "Kafka at "+addr, err)
		}
	}
	if addr := p.Sites.Addr("elasticsearch", "http"); addr != "" {
		status, err := p.askElastic(ctx, http.MethodGet, "/"+p.Names.Index, nil)
		if err != nil || status == http.StatusOK {
			return p.claimed("index", p.Names.Index, "Elasticsearch at "+addr, err)
		}
		status, err = p.askTemplate(ctx, http.MethodGet, nil, nil)
		if err != nil || status == http.StatusOK {
			return p.claimed("index template", p.Names.Index, "Elasticsearch at "+addr, err)
		}
	}
	return p.claimKibana(ctx)
}

func (p Pipeline) claimed(what, name, addr string, err error) error {
	if err != nil {
		return fmt.Errorf("look whether %s %q is there: %w", what, name, err)
	}
	return &TakenError{what, name, addr}
}

func (p Pipeline) kafkaClient() *kafka.Client {
	return &kafka.Client{Addr: dial.KafkaAddr(p.Kafka()), Timeout: tidyLimit, Transport: dial.Kafka(p.Access["kafka"])}
}

func (p Pipeline) topicIsThere(ctx context.Context) (bool, error) {
	client := p.kafkaClient()
	defer client.Transport.(*kafka.Transport).CloseIdleConnections()
	meta, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{p.Names.Topic}})
	if err != nil {
		return false, dial.Explain("kafka", p.Kafka(), p.Access["kafka"], err)
	}
	for _, t := range meta.Topics {
		if t.Name == p.Names.Topic && !errors.Is(t.Error, kafka.UnknownTopicOrPartition) {
			return t.Error == nil || len(t.Partitions) > 0, t.Error
		}
	}
	return false, nil
}

// Remove takes away what a run has made under its names, and nothing else: the
// connector, the Flink jobs, the dashboard, the index and its template, the topic,
// and the sessions of its MQTT clients. What isn't there is no error, nor is a component
// that the stack doesn't have.
func (p Pipeline) Remove(ctx context.Context) error {
	steps := []struct {
		what, component, port string
		do                    func(context.Context) error
	}{
		{"connector", "connect", "rest", func(ctx context.Context) error { return p.connect().Delete(ctx, p.Connector()) }},
		{"Flink jobs", "flink-jobmanager", "rest", p.cancelJobs},
		{"dashboard", "kibana", "http", p.removeKibana},
		{"index", "elasticsearch", "http", p.removeIndex},
		{"topic", "kafka", "client", p.removeTopic},
		{"MQTT sessions", p.Broker, "mqtt", p.removeSessions},
	}
	var errs []error
	for _, step := range steps {
		if p.Sites.Addr(step.component, step.port) == "" {
			continue
		}
		limited, cancel := context.WithTimeout(ctx, 2*tidyLimit)
		if err := step.do(limited); err != nil {
			errs = append(errs, fmt.Errorf("remove the run's %s: %w", step.what, err))
		}
		cancel()
	}
	return errors.Join(errs...)
}

// cancelJobs finds the run's jobs by their names, which end with a name that is
// the run's own: hoplab's say so, and Flink calls an INSERT after its table.
func (p Pipeline) cancelJobs(ctx context.Context) error {
	jobs, err := p.Flink().Jobs(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, job := range jobs {
		if !job.Over() && p.owns(job.Name) {
			errs = append(errs, p.Flink().Cancel(ctx, job.ID))
		}
	}
	return errors.Join(errs...)
}

func (p Pipeline) owns(job string) bool {
	for _, name := range []string{"export " + p.Names.Index, "probe " + p.Names.Table, "insert-into_default_catalog.default_database." + p.Names.Sink} {
		if strings.EqualFold(job, name) {
			return true
		}
	}
	return false
}

func (p Pipeline) removeIndex(ctx context.Context) error {
	_, index := p.askElastic(ctx, http.MethodDelete, "/"+p.Names.Index, nil)
	_, template := p.askTemplate(ctx, http.MethodDelete, nil, nil)
	return errors.Join(index, template)
}

func (p Pipeline) removeTopic(ctx context.Context) error {
	client := p.kafkaClient()
	defer client.Transport.(*kafka.Transport).CloseIdleConnections()
	topics := []string{p.Names.Topic, p.ExporterConfig().Rejected}
	res, err := client.DeleteTopics(ctx, &kafka.DeleteTopicsRequest{Topics: topics})
	if err != nil {
		return dial.Explain("kafka", p.Kafka(), p.Access["kafka"], err)
	}
	for _, topic := range topics {
		if err := res.Errors[topic]; err != nil && !errors.Is(err, kafka.UnknownTopicOrPartition) {
			return err
		}
	}
	return nil
}

// removeSessions has the broker forget the run's clients: a clean session in a
// client's name ends the kept one.
func (p Pipeline) removeSessions(ctx context.Context) error {
	var errs []error
	for _, id := range []string{p.client("bridge"), p.client("publisher"), p.client("probe"), p.Params()["client"]} {
		errs = append(errs, p.removeSession(ctx, id))
	}
	return errors.Join(errs...)
}

func (p Pipeline) removeSession(ctx context.Context, id string) error {
	options := dial.MQTT(mqtt.NewClientOptions(), p.Access[p.Broker]).
		AddBroker(p.brokerURL()).SetClientID(id).SetCleanSession(true).SetProtocolVersion(4).
		SetAutoReconnect(false).SetConnectTimeout(tidyLimit).SetCustomOpenConnectionFn(wire.Open)
	client := mqtt.NewClient(options)
	token := client.Connect()
	select {
	case <-token.Done():
		if err := token.Error(); err != nil {
			return dial.Explain(p.Broker, p.MQTT(), p.Access[p.Broker], err)
		}
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	client.Disconnect(100)
	return nil
}
