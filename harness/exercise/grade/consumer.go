package grade

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hoplab.example/harness/exercise/fence/relay"
	"hoplab.example/harness/exercise/sandbox"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/util/printable"
	"hoplab.example/harness/verify/probe"
)

// consumer is a student's script that reads a topic in a group, and writes into another
// one, until it is ended.
type consumer struct {
	a     *attempt
	in    string // the topic that it reads
	group pipeline.Group
	out   probe.Kafka
	guard *relay.KafkaRelay
	ends  bool      // it is to end by itself, as a producer does
	idle  time.Time // since when it has nothing to do
	stop  func()
	ended chan struct{}
	// Once ended is closed: when that was, and what came of the script, if it ended by itself.
	endedAt time.Time
	result  sandbox.Result
	err     error
}

const (
	startLimit = 30 * time.Second // for a consumer to begin, on a busy machine
	// commits is how long a consumer may take to commit what it has processed. By itself
	// a client commits every 5 s (auto.commit.interval.ms of Kafka's own consumer, and
	// auto_commit_interval_ms of kafka-python).
	commits = 7 * time.Second
	// outParts is how many partitions the topic has that consumers write.
	outParts = 3
)

// consumes makes a consumer of a script, which doesn't run yet, with a group and a topic
// of its own.
func (a *attempt) consumes(ctx context.Context, suffix string) (*consumer, error) {
	if err := a.fenced(ctx); err != nil {
		return nil, err
	}
	if err := a.fill(ctx); err != nil {
		return nil, err
	}
	return a.clientOf(ctx, suffix)
}

// clientOf is consumes for a topic that is filled later, if at all.
func (a *attempt) clientOf(ctx context.Context, suffix string) (*consumer, error) {
	in := a.ours.Names.Topic
	s := &consumer{a: a, in: in, group: a.ours.GroupOf(in + suffix), out: a.ours.KafkaProbe()}
	s.out.Name, s.out.Unkeyed = in+suffix+"-out", true
	a.undo = append(a.undo, s.forget)
	return s, a.ours.CreateTopics(ctx, []string{s.out.Name}, outParts)
}

// fenced says why a script can't be shut in on this Kafka.
func (a *attempt) fenced(ctx context.Context) error {
	if a.ours.Access["kafka"] != (access.Login{}) {
		return errors.New("this Kafka asks for a login, and a student's script has none")
	}
	n, err := a.ours.Brokers(ctx)
	if err == nil && n != 1 {
		err = fmt.Errorf("this Kafka has %d brokers: scripts can be graded with one of a single broker only", n)
	}
	return err
}

// forget has Kafka forget the group.
func (s *consumer) forget() {
	ctx, cancel := context.WithTimeout(context.Background(), tidyLimit)
	defer cancel()
	s.group.Evict(ctx)
	s.group.Remove(ctx)
}

// start starts the script. Kafka takes hold requests to write of it; 0 is all.
func (s *consumer) start(ctx context.Context, file string, hold int64) error {
	dir, err := s.a.copied()
	if err != nil {
		return err
	}
	return s.startIn(ctx, dir, file, hold)
}

// startIn is start in a folder that has the files. The script may run longer than the check
// that starts it.
func (s *consumer) startIn(ctx context.Context, dir, file string, hold int64) error {
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	limit := flood(s.a.oracle.Count())
	var err error
	s.guard, err = relay.StartKafka(running, s.a.ours.Kafka(), relay.Kafka{
		Topics: []string{s.in, s.out.Name}, Group: s.group.Name, Limits: relay.Limits(limit), Hold: hold,
	})
	if err != nil {
		cancel()
		return err
	}
	o, err := s.a.scriptOptions(ctx, dir, file, s.guard.Addr(), "KAFKA="+s.guard.Addr(), "TOPIC="+s.in, "OUT="+s.out.Name, "GROUP="+s.group.Name, "ROWS="+lines)
	if err != nil {
		cancel()
		return err
	}
	ended := make(chan struct{})
	s.ended = ended
	guard := s.guard
	s.stop = func() {
		cancel()
		<-ended
		guard.Close()
	}
	s.a.undo = append(s.a.undo, s.stop) // a check may end before it does that
	go func() {
		defer close(ended)
		result, err := s.a.script(running, o)
		s.endedAt = time.Now()
		if s.result = result; running.Err() == nil {
			s.err = err
		}
	}()
	return nil
}

// until waits for a count while the script runs and does nothing that is refused. What is
// missing then is for the caller to say.
func (s *consumer) until(ctx context.Context, count probe.Counter, want int64, stall time.Duration) error {
	return whileAll(ctx, []*consumer{s}, count, want, stall)
}

// whileAll is until for scripts that run at a time.
func whileAll(ctx context.Context, all []*consumer, count probe.Counter, want int64, stall time.Duration) error {
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	for _, s := range all {
		ended, refusing := s.ended, s.guard.Refusing() // another start has others
		go func() {
			select {
			case <-ended:
			case <-refusing:
			case <-running.Done():
			}
			cancel()
		}()
	}
	_, err := probe.Await(running, count, want, stall)
	if ctx.Err() == nil && running.Err() != nil {
		return nil
	}
	return err
}

// committed counts the rows that the group has committed.
func (s *consumer) committed(ctx context.Context) (int64, error) { return committedBy(ctx, s.group) }

// fault ends the script and says what it did wrong as a program, if anything.
func (s *consumer) fault() error {
	ours := true // it is the grader that ends it
	select {
	case <-s.ended:
		ours = false
	default:
	}
	s.stop()
	if refused := s.guard.Refused(); refused != nil {
		return refused
	}
	switch r := s.result; {
	case ours || s.err != nil:
		return nil
	case r.Limit != "":
		return fmt.Errorf("the script used up its %s and was ended%s", r.Limit, s.said())
	case r.Exit != 0:
		return fmt.Errorf("the script ended with exit code %d%s", r.Exit, s.said())
	case !s.ends:
		return fmt.Errorf("the script ended by itself, without an error, though it must run until it is ended%s", s.said())
	}
	return nil
}

// goesOn reports whether the script still runs, and nothing of it was refused.
func (s *consumer) goesOn() bool {
	select {
	case <-s.ended:
	case <-s.guard.Refusing():
	default:
		return true
	}
	return false
}

// said is the end of what the script has printed.
func (s *consumer) said() string {
	const most = 1500
	text := s.result.Output
	return "; it " + said([]byte(printable.Text(string(text[max(0, len(text)-most):]))))
}
