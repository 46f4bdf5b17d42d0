package bridge

import "context"

// CreateTopic makes the Kafka topic as a bridge of that config would, where it
// is absent, for whatever else is to fill it.
func CreateTopic(ctx context.Context, cfg Config) error {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return err
	}
	sink := newKafkaSink(cfg)
	defer sink.close()
	_, err = sink.prepare(ctx)
	return err
}
