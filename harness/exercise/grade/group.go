package grade

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

func init() {
	register(lab.Kind{Name: "kafka-producer", Options: []lab.Option{scriptFile},
		Doc: "a script in Python writes each line of $ROWS once into the topic $TOPIC of $KAFKA, and ends with exit code 0"}, checkProducer)
	register(lab.Kind{Name: "group-scaled", Needs: []string{"kafka-producer"}, Options: []lab.Option{
		scriptFile, {Name: "producer", Type: lab.FileOption, Required: true, Doc: "the script of the kafka-producer, which sends rows meanwhile"},
	}, Doc: "of the script run 1, 3 and 4 at a time, as one group that reads a topic of three partitions: its coordinator gives each partition to one member, and none has two while another has none"}, checkScaled)
	register(lab.Kind{Name: "group-lag", Needs: []string{"group-scaled"}, Doc: "with each number of members, the group has come to commit all rows"}, checkLag)
	register(lab.Kind{Name: "group-written", Needs: []string{"group-scaled"}, Doc: "each row is written; again is only what came while partitions changed their owner"}, checkWritten)
}

// checkProducer has a script write all rows into a topic of three partitions.
func checkProducer(ctx context.Context, a *attempt, c lab.Check) verdict {
	if v := a.runnable(); v.outcome != hop.Passed {
		return v
	}
	err := a.fenced(ctx)
	if err != nil {
		return broken(err)
	}
	s, err := a.clientOf(ctx, "-keyed")
	if err != nil {
		return broken(err)
	}
	s.in, a.consumer = s.out.Name, s
	dir, err := a.copied()
	if err != nil {
		return broken(err)
	}
	if v := s.send(ctx, dir, a.fileOf(c), a.oracle.Rows()); v.outcome != hop.Passed {
		return v
	}
	return s.wroteOnce(ctx)
}

// send runs a producer to its end, in a folder that has the files.
func (s *consumer) send(ctx context.Context, dir, file string, rows []wisdm.Row) verdict {
	s.ends = true
	err := writeLines(filepath.Join(dir, lines), rows)
	if err == nil {
		err = s.startIn(ctx, dir, file, 0)
	}
	if err != nil {
		return broken(err)
	}
	select {
	case <-s.ended:
	case <-s.guard.Refusing():
	case <-ctx.Done():
	}
	if fault := s.fault(); fault != nil {
		return failed(fault)
	}
	if err := errors.Join(s.err, ctx.Err()); err != nil {
		return failed(fmt.Errorf("%s hasn't ended: %w%s", file, err, s.said()))
	}
	return passed()
}

// phase is a part of the rows, which is sent when the group has so many members. grows:
// the last ones join while it is sent. A partition's rows may be written once for each owner
// that it has had meanwhile, times: those who join may do so one after the other.
type phase struct {
	members int
	grows   bool
	times   int
	lag     int64 // in the end
}

// scaled is a group that grows.
type scaled struct {
	*consumer // has the names
	members   []*consumer
	phases    []phase
	dir, file string
	sender    string
}

func checkScaled(ctx context.Context, a *attempt, c lab.Check) verdict {
	s, err := a.clientOf(ctx, "-group")
	if err == nil {
		err = a.ours.CreateTopics(ctx, []string{s.in}, outParts)
	}
	if err != nil {
		return broken(err)
	}
	dir, err := a.copied()
	if err != nil {
		return broken(err)
	}
	g := &scaled{consumer: s, dir: dir, file: a.fileOf(c), sender: c.With["producer"],
		phases: []phase{{members: 1, times: 1}, {members: 3, grows: true, times: 3}, {members: 4, grows: true, times: 2}, {members: 4, times: 1}}}
	a.consumer, a.scaled = s, g
	var v verdict
	for i := range g.phases {
		if v = g.pass(ctx, i); v.outcome != hop.Passed {
			break
		}
	}
	var fault, unmade error
	for _, m := range g.members { // which also stops each of them
		fault = cmp.Or(fault, m.fault())
		unmade = cmp.Or(unmade, m.err)
	}
	switch { // what a member has done wrong is the cause of what is seen
	case fault != nil:
		return failed(fault)
	case unmade != nil:
		return broken(unmade)
	}
	return v
}

// part returns the rows of a phase.
func (g *scaled) part(i int) []wisdm.Row {
	rows, n := g.a.oracle.Rows(), len(g.phases)
	return rows[len(rows)*i/n : len(rows)*(i+1)/n]
}

// sent is how many rows the group has been sent by the end of a phase.
func (g *scaled) sent(i int) int64 { return g.a.oracle.Count() * int64(i+1) / int64(len(g.phases)) }

// pass starts the members that a phase has more, sends its rows, and waits until the
// group has shared the partitions and committed all. The first rows are there before the
// first member.
func (g *scaled) pass(ctx context.Context, i int) verdict {
	p := &g.phases[i]
	if i == 0 {
		if v := g.produce(ctx, i); v.outcome != hop.Passed {
			return v
		}
	}
	for len(g.members) < p.members {
		m := &consumer{a: g.a, in: g.in, group: g.group, out: g.out}
		if err := m.startIn(ctx, g.dir, g.file, 0); err != nil {
			return broken(err)
		}
		g.members = append(g.members, m)
	}
	if !p.grows {
		if v := g.shared(ctx, p.members); v.outcome != hop.Passed {
			return v
		}
	}
	if i > 0 {
		if v := g.produce(ctx, i); v.outcome != hop.Passed {
			return v
		}
	}
	if v := g.shared(ctx, p.members); v.outcome != hop.Passed {
		return v
	}
	sent := g.sent(i)
	if err := whileAll(ctx, g.members, g.committed, sent, commits); err != nil {
		return broken(err)
	}
	n, err := g.committed(ctx)
	if err != nil {
		return broken(err)
	}
	p.lag = sent - n
	return passed()
}

// produce sends the rows of a phase.
func (g *scaled) produce(ctx context.Context, i int) verdict {
	sender := &consumer{a: g.a, in: g.in, group: g.group, out: g.out}
	return sender.send(ctx, g.dir, g.sender, g.part(i))
}

// shared waits until the coordinator has given the partitions to so many members.
func (g *scaled) shared(ctx context.Context, members int) verdict {
	var wrong error
	err := whileAll(ctx, g.members, func(ctx context.Context) (int64, error) {
		state, owned, err := g.group.Assigned(ctx)
		if wrong = unshared(state, owned, members); wrong != nil || err != nil {
			return 0, err
		}
		return 1, nil
	}, 1, startLimit)
	switch {
	case wrong != nil:
		return failed(fmt.Errorf("running: %d; %w", members, wrong))
	case err != nil:
		return broken(err)
	}
	return passed()
}

// unshared says how a group falls short of so many members that share the partitions.
func unshared(state string, owned [][]int, members int) error {
	most, least, sum := 0, outParts, 0
	for _, parts := range owned {
		most, least, sum = max(most, len(parts)), min(least, len(parts)), sum+len(parts)
	}
	switch {
	case len(owned) == 0:
		return errors.New("the coordinator knows no member of the group")
	case len(owned) != members:
		return fmt.Errorf("the coordinator knows %d members of the group, want %d", len(owned), members)
	case state != "Stable":
		return fmt.Errorf("the group's state is still %s", state)
	case sum != outParts:
		return fmt.Errorf("of %d partitions %d have an owner", outParts, sum)
	case most > least+1:
		return fmt.Errorf("a member has %d partitions, and another one %d", most, least)
	}
	return nil
}

func checkLag(_ context.Context, a *attempt, _ lab.Check) verdict {
	for i, p := range a.scaled.phases {
		switch sent := a.scaled.sent(i); {
		case p.lag == sent:
			return failed(fmt.Errorf("running: %d; the group has committed none of %d rows", p.members, sent))
		case p.lag > 0:
			return failed(fmt.Errorf("running: %d; the lag is still %d of %d rows, and doesn't fall", p.members, p.lag, sent))
		}
	}
	return passed()
}

// checkWritten counts how often each row was written.
func checkWritten(ctx context.Context, a *attempt, _ lab.Check) verdict {
	g := a.scaled
	v := judged(g.out.Check(ctx, a.oracle))
	if v.outcome != hop.Passed {
		return v
	}
	written, err := g.out.Read(ctx)
	if err != nil {
		return broken(err)
	}
	times := map[string]int{}
	for _, m := range written {
		row, _ := wisdm.ParseMessage(m.Value) // Check has read it
		times[row.ID()]++
	}
	for i, p := range g.phases {
		for _, row := range g.part(i) {
			if n := times[row.ID()]; n > p.times {
				return failed(fmt.Errorf("row %s, which came with %d running, was written %d times, want %d at most", row.ID(), p.members, n, p.times))
			}
		}
	}
	return passed()
}
