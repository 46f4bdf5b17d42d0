package wisdm

const (
	// step20 is the dataset's usual step between two readings at a nominal
	// 20 Hz, in nanoseconds.
	step20 = 50_354_004
	// lasting is how long a session is recorded.
	lasting = 180_000_000_000
	// apart is how long after a session's begin the next one begins, if the
	// device isn't booted again in between.
	apart = 211_000_000_000
	// tick is what the device's clock counts in: 1/32768 s.
	tick = 30_518
)

// rate returns the nominal rate of a cell in Hz. How many sessions are faster
// brings each stream near to the number of rows that it has in the dataset:
// phone accel 4,804,403 and gyro 3,608,635, watch 3,777,046 and 3,440,342.
func (g *Generator) rate(c cell) uint64 {
	phone, accel := g.Devices[c.device] == "phone", g.Sensors[c.sensor] == "accel"
	switch i := c.subject; {
	case phone && accel && i%16 == 2:
		return 100
	case phone && i%16 == 3:
		return 25
	case accel && i%8 == 1, phone && i%16 == 1, i%24 == 1:
		return 50
	}
	return 20
}

func (g *Generator) step(c cell) uint64 { return step20 * 20 / g.rate(c) }

// length returns how many rows a cell has before any scaling.
func (g *Generator) length(c cell) uint64 {
	if g.PerSession > 0 {
		return uint64(g.PerSession)
	}
	length := lasting/g.step(c) + 1
	if g.Uneven && (c.activity+c.sensor+c.device)%3 == 0 {
		length /= 5
	}
	return length
}

// recording makes the rows of one cell, without end.
type recording struct {
	next   Row // X, Y and Z are still to be made
	start  int64
	step   int64
	clock  splitmix
	signal signal
}

func newRecording(g *Generator, c cell) *recording {
	subject, device, activity := uint64(c.subject), uint64(c.device), uint64(c.activity)
	if c.subject%2 == 0 {
		device = 0 // both were booted at the same time
	}
	boot := seeded(g.Seed, 1, subject, device)
	since := int64(10_000e9 + boot.next()%400_000e9)
	if again := int(1 + boot.next()%17); c.activity >= again {
		// The device was booted again, and its clock takes the same values.
		activity -= uint64(again)
	}
	s := &recording{
		start: since + int64(activity)*apart,
		step:  int64(g.step(c)),
		// Both sensors of a device are read on the same clock.
		clock:  seeded(g.Seed, 2, subject, device, uint64(c.activity)),
		signal: newSignal(g, c),
	}
	s.next = Row{
		Subject: 1600 + c.subject, Activity: activities[letters[c.activity]], TS: s.start,
		Device: g.Devices[c.device], Sensor: g.Sensors[c.sensor],
	}
	return s
}

func (s *recording) row() Row {
	row := s.next
	row.X, row.Y, row.Z = s.signal.at(row.TS - s.start)
	s.next.TS += s.pause()
	return row
}

// pause is nearly always the step. One reading in 16 comes some ticks off, and
// one in 100 is lost.
func (s *recording) pause() int64 {
	chance := s.clock.next()
	pause := s.step
	if chance%16 == 0 {
		pause += (int64(chance>>8%7) - 3) * tick
	}
	if chance>>16%100 == 0 {
		pause += s.step
	}
	return pause
}
