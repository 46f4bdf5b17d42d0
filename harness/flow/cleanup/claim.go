package cleanup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/kibana"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/flow/dashboard"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/server/access/dial"
)

// claimLimit is for all servers to answer.
const claimLimit = 30 * time.Second

// TakenError is the error for a name that a run needs and that is in use already.
type TakenError struct{ What, Name, Addr string }

func (e *TakenError) Error() string {
	return fmt.Sprintf("%s %q is at %s already; nothing was touched", e.What, e.Name, e.Addr)
}

// Hint says what to do about it.
func (e *TakenError) Hint() string {
	return "hoplab would mix its rows with what is there: choose another prefix, or remove it yourself if nobody needs it"
}

// Claim makes sure that none of the run's names is in use on a cluster that others
// use too. It changes nothing. Only after a Claim is what Remove removes certain to
// be the run's own.
func Claim(ctx context.Context, p pipeline.Pipeline) error {
	ctx, cancel := context.WithTimeout(ctx, claimLimit)
	defer cancel()
	if addr := p.Kafka(); addr != "" {
		there, err := topicExists(ctx, p)
		if err != nil || there {
			return claimed("topic", p.Names.Topic, "Kafka at "+addr, err)
		}
	}
	if addr := p.Elasticsearch(); addr != "" {
		client := p.ElasticClient()
		there, err := client.HasIndex(ctx, p.Names.Index)
		if err != nil || there {
			return claimed("index", p.Names.Index, "Elasticsearch at "+addr, err)
		}
		there, err = client.HasTemplate(ctx, p.Names.Index)
		if err != nil || there {
			return claimed("index template", p.Names.Index, "Elasticsearch at "+addr, err)
		}
	}
	return claimKibana(ctx, p)
}

// claimKibana makes sure that none of the run's saved objects is there already.
func claimKibana(ctx context.Context, p pipeline.Pipeline) error {
	client := dashboard.Kibana(p)
	if client.Addr == "" {
		return nil
	}
	_, text, err := dashboard.KibanaObjects(p, panel.Range{}, 0)
	if err != nil {
		return err
	}
	for _, r := range kibana.Refs(text) {
		if _, err := client.Get(ctx, r); !errors.Is(err, kibana.ErrNotFound) {
			return claimed(r.Type, r.ID, "Kibana at "+client.Addr, err)
		}
	}
	return nil
}

func claimed(what, name, addr string, err error) error {
	if err != nil {
		return fmt.Errorf("check whether %s %q exists: %w", what, name, err)
	}
	return &TakenError{what, name, addr}
}

func topicExists(ctx context.Context, p pipeline.Pipeline) (bool, error) {
	client := p.KafkaClient()
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
