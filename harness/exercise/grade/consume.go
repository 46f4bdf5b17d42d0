package grade

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

func init() {
	file := []lab.Option{scriptFile}
	register(lab.Kind{Name: "consumer", Options: file,
		Doc: "a script in Python reads the rows from $TOPIC of $KAFKA in the group $GROUP, and writes each of them once into the topic $OUT"}, checkConsumer)
	register(lab.Kind{Name: "record-keys", Needs: []string{"consumer", "kafka-producer", "group-scaled"}, Options: []lab.Option{
		{Name: "fields", Type: lab.FieldsOption, Required: true, Doc: "usid, device or sensor: the key is their values with - between them"},
		{Name: "again", Type: lab.OneOf("yes", "no"), Doc: "whether rows may come again, as they do where partitions change their owner"},
	}, Doc: "each record that the script before it has written has the key of its row, each key is in one partition, and each sensor's rows are in order"}, checkRecordKeys)
	register(lab.Kind{Name: "group-offsets", Needs: []string{"consumer"}, Doc: "the group has committed the end of each partition"}, checkGroupOffsets)
	register(lab.Kind{Name: "consumer-stays", Needs: []string{"consumer"}, Doc: "the script still runs some seconds after it has read all rows"}, checkStays)
	register(lab.Kind{Name: "consumer-killed", Needs: []string{"consumer"}, Options: file,
		Doc: "the script is killed while Kafka holds up what it writes, and started again: no row is lost"}, checkKilled)
}

// checkConsumer runs the script until it has read and committed all rows, or does no
// more. One that has done all goes on running.
func checkConsumer(ctx context.Context, a *attempt, c lab.Check) verdict {
	if v := a.runnable(); v.outcome != hop.Passed {
		return v
	}
	s, err := a.consumes(ctx, "-group")
	if err == nil {
		err = s.start(ctx, a.fileOf(c), 0)
	}
	if err != nil {
		return broken(err)
	}
	a.consumer = s
	want := a.oracle.Count()
	err = errors.Join(s.until(ctx, s.out.Count, 1, startLimit), s.until(ctx, s.out.Count, want, stall),
		s.until(ctx, s.out.Count, want+1, late))
	s.idle = time.Now()
	err = errors.Join(err, s.until(ctx, s.committed, want, commits))
	if err == nil && s.goesOn() {
		if v := s.wroteOnce(ctx); v.outcome == hop.Passed {
			return v
		}
	}
	if fault := s.fault(); fault != nil {
		return failed(fault)
	}
	if err = errors.Join(err, s.err); err != nil {
		return broken(err)
	}
	return s.wroteOnce(ctx)
}

// wroteOnce asks that each row is once in the topic that the script writes.
func (s *consumer) wroteOnce(ctx context.Context) verdict {
	n, err := s.out.Count(ctx)
	if err != nil {
		return broken(err)
	}
	v := once(s.out.Check(ctx, s.a.oracle), n)
	if n == 0 {
		v.reason = "the script wrote no record" + s.said()
	}
	return v
}

// checkRecordKeys reads what the consumer has written: each record's key, all records of
// a key in one partition, and each sensor's rows in order.
func checkRecordKeys(ctx context.Context, a *attempt, c lab.Check) verdict {
	k := keys{fields: strings.Fields(c.With["fields"]), parts: map[string]int{}, seq: map[wisdm.Stream]int64{}}
	if c.With["again"] == "yes" {
		k.seen = map[string]bool{}
	}
	var wrong error
	err := a.consumer.out.Each(ctx, func(m kafka.Message) error {
		wrong = k.wrong(m)
		return wrong
	})
	switch {
	case wrong != nil:
		return failed(wrong)
	case err != nil:
		return broken(err)
	}
	if wrong := k.crowded(); wrong != nil {
		return failed(wrong)
	}
	return passed()
}

// keys is what is known of the records so far.
type keys struct {
	fields []string
	parts  map[string]int // by key
	seq    map[wisdm.Stream]int64
	seen   map[string]bool // rows, where they may come again
}

// crowded says that all keys are in one partition, where Kafka's own partitioner would
// use several.
func (k keys) crowded() error {
	used, usual := map[int]bool{}, map[int]bool{}
	for key, part := range k.parts {
		used[part] = true
		usual[kafka.Murmur2Balancer{}.Balance(kafka.Message{Key: []byte(key)}, 0, 1, 2)] = true
	}
	if len(used) == 1 && len(usual) > 1 {
		return fmt.Errorf("the records of all %d keys are in one partition of %d", len(k.parts), outParts)
	}
	return nil
}

func (k keys) wrong(m kafka.Message) error {
	row, err := wisdm.ParseMessage(m.Value)
	if err != nil {
		return err
	}
	key := keyOf(row, k.fields)
	switch part, known := k.parts[key]; {
	case m.Key == nil:
		return fmt.Errorf("the record of row %s has no key, want %q", row.ID(), key)
	case string(m.Key) != key:
		return fmt.Errorf("the record of row %s has the key %.100q, want %q", row.ID(), m.Key, key)
	case known && part != m.Partition:
		return fmt.Errorf("records with the key %q are in the partitions %d and %d", key, part, m.Partition)
	case k.seen[row.ID()]:
		return nil
	case row.Seq <= k.seq[row.Stream()]:
		return fmt.Errorf("row %s comes after row number %d of that sensor", row.ID(), k.seq[row.Stream()])
	}
	k.parts[key], k.seq[row.Stream()] = m.Partition, row.Seq
	if k.seen != nil {
		k.seen[row.ID()] = true
	}
	return nil
}

func keyOf(row wisdm.Row, fields []string) string {
	all := map[string]string{"usid": fmt.Sprint(row.Subject), "device": row.Device, "sensor": row.Sensor}
	var key []string
	for _, f := range fields {
		key = append(key, all[f])
	}
	return strings.Join(key, "-")
}

func checkGroupOffsets(ctx context.Context, a *attempt, _ lab.Check) verdict {
	n, err := a.consumer.committed(ctx)
	if err != nil {
		return broken(err)
	}
	v := judged(hop.Result{Expected: a.oracle.Count(), Actual: n, Outcome: hop.Passed})
	if n != a.oracle.Count() {
		v.outcome = hop.Failed
		v.reason = fmt.Sprintf("the group has committed %d of %d rows: a consumer that is started again reads the others again", n, a.oracle.Count())
	}
	return v
}

// stays is how long a consumer must wait for more. It is longer than the timeout that lab 9's
// page gives a script that is to end (consumer_timeout_ms).
const stays = 6 * time.Second

// checkStays asks that the script waits for more rows once it has read all.
func checkStays(ctx context.Context, a *attempt, _ lab.Check) verdict {
	s := a.consumer
	select {
	case <-s.ended:
	case <-time.After(time.Until(s.idle.Add(stays))):
	case <-ctx.Done():
		return broken(context.Cause(ctx))
	}
	fault := s.fault() // which ends it, if it hasn't ended
	waited := s.endedAt.Sub(s.idle)
	switch {
	case waited >= stays:
		return passed()
	case fault != nil:
		return failed(fmt.Errorf("%.1f seconds after the last row %w", max(0, waited.Seconds()), fault))
	}
	return broken(s.err)
}

// passed on of what a consumer writes before Kafka holds it up.
const heldAfter = 2

// checkKilled kills the consumer while it waits for Kafka, if it does: what it has
// committed by then and not written is lost.
func checkKilled(ctx context.Context, a *attempt, c lab.Check) verdict {
	s, err := a.consumes(ctx, "-killed")
	if err == nil {
		err = s.start(ctx, a.fileOf(c), heldAfter)
	}
	if err != nil {
		return broken(err)
	}
	want := a.oracle.Count()
	err = errors.Join(s.until(ctx, s.isHeld, 1, startLimit), s.until(ctx, s.committed, want, commits))
	if fault := s.fault(); fault != nil {
		return failed(fault)
	}
	committed, one := s.committed(ctx)
	written, two := s.out.Count(ctx)
	if err = errors.Join(err, s.err, one, two, s.group.Evict(ctx), s.start(ctx, a.fileOf(c), 0)); err != nil {
		return broken(err)
	}
	err = errors.Join(s.until(ctx, s.committed, want, startLimit), s.until(ctx, s.out.Count, want, settle))
	if fault := s.fault(); fault != nil {
		return failed(fault)
	}
	if err = errors.Join(err, s.err); err != nil {
		return broken(err)
	}
	v := judged(s.out.Check(ctx, a.oracle))
	if v.outcome == hop.Failed {
		v.reason = fmt.Sprintf("when it was killed, the group had committed %d rows and the topic had %d of them; after its restart %s", committed, written, v.reason)
	}
	return v
}

// isHeld counts 1 once Kafka holds up what the script writes.
func (s *consumer) isHeld(context.Context) (int64, error) {
	select {
	case <-s.guard.Held():
		return 1, nil
	default:
		return 0, nil
	}
}
