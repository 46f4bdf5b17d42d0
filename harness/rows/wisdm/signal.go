package wisdm

import "strconv"

// splitmix is SplitMix64, a random number generator that is a few lines long
// and so can't change with the Go version. From Steele, Lea and Flood, "Fast
// Splittable Pseudorandom Number Generators", OOPSLA 2014.
type splitmix uint64

func (s *splitmix) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// seeded returns a generator of its own for each list of numbers.
func seeded(numbers ...uint64) splitmix {
	var s splitmix
	for _, n := range numbers {
		s = splitmix(s.next() ^ n)
	}
	return s
}

// unit is the 1 of a signal's integers: one m/s², or one rad/s. It is a power
// of two: a float32 holds nearly every value exactly.
const unit = 1 << 20

// profile says what an activity's signal is like.
type profile struct {
	period    int64    // of the movement, in milliseconds
	amplitude int64    // in hundredths of a unit
	gravity   [3]int64 // what the accelerometer shows at rest, in hundredths of a unit
}

// profiles are made up: what matters is that activities differ.
// Their names are those of the dataset's activity_key.txt.
var profiles = map[byte]profile{
	'A': {1000, 350, [3]int64{-40, 880, 410}},  // walking
	'B': {700, 900, [3]int64{120, 905, 300}},   // jogging
	'C': {1200, 300, [3]int64{-150, 870, 420}}, // stairs
	'D': {5000, 10, [3]int64{210, -120, 945}},  // sitting
	'E': {4000, 20, [3]int64{-30, 978, 40}},    // standing
	'F': {300, 40, [3]int64{310, 60, 925}},     // typing
	'G': {250, 300, [3]int64{-720, 520, 410}},  // teeth
	'H': {3000, 100, [3]int64{-480, 150, 840}}, // soup
	'I': {4200, 120, [3]int64{-510, 240, 800}}, // chips
	'J': {3400, 110, [3]int64{-460, 180, 845}}, // pasta
	'K': {6000, 150, [3]int64{-640, 330, 660}}, // drinking
	'L': {4600, 130, [3]int64{-540, 290, 765}}, // sandwich
	'M': {1500, 320, [3]int64{60, 930, 300}},   // kicking
	'O': {2000, 420, [3]int64{-210, 690, 660}}, // catch
	'P': {500, 700, [3]int64{-90, 640, 735}},   // dribbling
	'Q': {400, 50, [3]int64{280, 150, 927}},    // writing
	'R': {450, 600, [3]int64{-330, 700, 600}},  // clapping
	'S': {2500, 220, [3]int64{-380, 500, 750}}, // folding
}

// signal is an oscillation around a resting value, with noise.
type signal struct {
	period    int64 // in nanoseconds
	phase     int64 // at the session's begin, of turnSteps
	amplitude int64 // in units, as all that follows
	rest      [3]int64
	spread    int64 // of the noise
	noise     splitmix
}

func newSignal(g *Generator, c cell) signal {
	p := profiles[letters[c.activity]]
	subject := seeded(g.Seed, 3, uint64(c.subject))
	vigour := int64(85 + subject.next()%31) // percent
	s := signal{
		period:    p.period * 1e6,
		amplitude: p.amplitude * unit / 100 * vigour / 100,
		noise:     seeded(g.Seed, 4, uint64(c.subject), uint64(c.device), uint64(c.sensor), uint64(c.activity)),
	}
	if g.Sensors[c.sensor] == "gyro" {
		s.amplitude /= 3 // and no gravity
	} else {
		for i, value := range p.gravity {
			s.rest[i] = value * unit / 100
		}
	}
	s.phase = int64(s.noise.next() % turnSteps)
	s.spread = unit/16 + s.amplitude/8
	return s
}

// at returns the values some nanoseconds after the session's begin.
func (s *signal) at(since int64) (x, y, z float64) {
	turn := s.phase + since%s.period*turnSteps/s.period
	var values [3]float64
	for i := range values {
		swing := s.amplitude * wave(turn+int64(i)*turnSteps/3) / waveTop
		values[i] = toFloat(s.rest[i] + swing + s.random())
	}
	return values[0], values[1], values[2]
}

// random is within ±spread, and most often near 0.
func (s *signal) random() int64 {
	chance := s.noise.next()
	return (int64(chance&0xffff) + int64(chance>>16&0xffff) - 0xffff) * s.spread / 0x10000
}

const (
	turnSteps = 1 << 16 // of one period
	waveTop   = 1 << 28
)

// wave is a parabola per half turn, which is close to a sine and needs only
// integers.
func wave(turn int64) int64 {
	const half = turnSteps / 2
	at := turn % half
	value := at * (half - at)
	if turn%turnSteps >= half {
		return -value
	}
	return value
}

// toFloat returns what a reader gets from the text that the device, with its
// float32, would have written: the dataset's 8.793503 isn't the float64 nearest to a
// float32.
func toFloat(value int64) float64 {
	var text [24]byte
	digits := strconv.AppendFloat(text[:0], float64(float32(value)/unit), 'g', -1, 32)
	read, err := strconv.ParseFloat(string(digits), 64)
	if err != nil { // what strconv wrote it reads
		panic(err)
	}
	return read
}
