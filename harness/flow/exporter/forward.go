package exporter

import (
	"context"
	"fmt"

	"github.com/segmentio/kafka-go"
)

// source is where messages come from.
type source interface {
	// prepare makes sure that there is something to read from.
	prepare(ctx context.Context) error
	// fetch waits for a message.
	fetch(ctx context.Context) (kafka.Message, error)
	// reject keeps messages that have no document, each with what is wrong with it in
	// the header topic.ErrorHeader.
	reject(ctx context.Context, messages []kafka.Message) error
	// commit says that these messages, and those before them, are done with.
	commit(ctx context.Context, messages []kafka.Message) error
	close()
}

// sink is where documents go.
type sink interface {
	// prepare makes sure that it answers, and is what it should be.
	prepare(ctx context.Context) error
	// write returns nil once every document is acknowledged. Otherwise it returns
	// those that aren't; some of them may be there all the same.
	write(ctx context.Context, documents []document) (left []document, err error)
}

// forward exports batch after batch until ctx ends. What a batch needs once it
// is read has flush's time.
func (e *Exporter) forward(ctx, flush context.Context) error {
	for {
		batch, err := e.nextBatch(ctx)
		if err != nil || len(batch) == 0 {
			return err
		}
		if err := e.export(flush, batch); err != nil {
			return err
		}
	}
}

// nextBatch waits for a message, and then gives others Linger to arrive. It
// returns none when ctx has ended.
func (e *Exporter) nextBatch(ctx context.Context) ([]kafka.Message, error) {
	var first kafka.Message
	err := e.untilDone(ctx, func() (err error) {
		if first, err = e.source.fetch(ctx); ctx.Err() != nil {
			return permanentError{ctx.Err()} // not worth another try
		}
		return err
	})
	switch {
	case ctx.Err() != nil:
		return nil, nil // a message that did arrive isn't committed, so it will again
	case err != nil:
		return nil, err
	}
	batch := []kafka.Message{first}
	more, cancel := context.WithTimeout(ctx, e.cfg.Linger)
	defer cancel()
	for len(batch) < e.cfg.MaxBatch {
		m, err := e.source.fetch(more)
		if err != nil {
			break // the time is up, or the next batch meets the same error
		}
		batch = append(batch, m)
	}
	e.stats.read.Add(int64(len(batch)))
	return batch, nil
}

// export brings a batch to where it belongs, and only then commits it.
func (e *Exporter) export(ctx context.Context, batch []kafka.Message) error {
	documents, rejected := e.sorted(batch)
	if err := e.reject(ctx, rejected); err != nil {
		return err
	}
	if err := e.write(ctx, documents); err != nil {
		return err
	}
	if err := e.untilDone(ctx, func() error { return e.source.commit(ctx, batch) }); err != nil {
		return fmt.Errorf("commit the offsets of %d messages: %w", len(batch), err)
	}
	e.stats.committed.Add(int64(len(batch)))
	return nil
}

// sorted parts what has a document from what has none.
func (e *Exporter) sorted(batch []kafka.Message) (documents []document, rejected []kafka.Message) {
	for _, m := range batch {
		id, source, err := e.cfg.Document(m)
		if err != nil {
			rejected = append(rejected, marked(m, err))
			continue
		}
		documents = append(documents, document{id, source, m})
	}
	return documents, rejected
}

func (e *Exporter) reject(ctx context.Context, rejected []kafka.Message) error {
	if len(rejected) == 0 {
		return nil
	}
	if err := e.untilDone(ctx, func() error { return e.source.reject(ctx, rejected) }); err != nil {
		return fmt.Errorf("keep %d messages that have no document: %w", len(rejected), err)
	}
	e.stats.rejected.Add(int64(len(rejected)))
	return nil
}

// write tries until Elasticsearch has every document, each time with those only
// that it hasn't acknowledged.
func (e *Exporter) write(ctx context.Context, documents []document) error {
	if len(documents) == 0 {
		return nil
	}
	return e.untilDone(ctx, func() error {
		left, err := e.sink.write(ctx, documents)
		e.stats.written.Add(int64(len(documents) - len(left)))
		documents = left
		return err
	})
}
