package wisdm

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
)

// Fingerprint identifies a set of rows, in whatever order they come: the sum,
// modulo 2^128, of the first 128 bits of each row's SHA-256. A row that is lost,
// changed, there twice or replaced by another changes it; the probability that such
// a difference leaves it unchanged is 2^-128, as far as SHA-256 is as good as
// random. It is a sum rather than an exclusive or, in which a row that is there
// twice would cancel itself out.
type Fingerprint struct{ High, Low uint64 }

// Print returns the fingerprint of one row: of all its fields, the event time to
// the millisecond, floats by their bits.
func (r Row) Print() Fingerprint {
	var buffer [128]byte
	sum := sha256.Sum256(appendFields(buffer[:0], r))
	return Fingerprint{binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16])}
}

// appendFields writes the fields unambiguously, differently for any two rows: words
// end with a byte that never occurs in UTF-8.
func appendFields(dst []byte, r Row) []byte {
	const end = 0xff
	for _, n := range [...]uint64{
		uint64(r.Subject), uint64(r.TS), uint64(r.Seq), uint64(r.Time.UnixMilli()),
		// + 0 turns -0 into 0, which it equals.
		math.Float64bits(r.X + 0), math.Float64bits(r.Y + 0), math.Float64bits(r.Z + 0),
	} {
		dst = binary.BigEndian.AppendUint64(dst, n)
	}
	for _, word := range [...]string{r.Activity, r.Device, r.Sensor} {
		dst = append(append(dst, word...), end)
	}
	return dst
}

// Plus returns the fingerprint of both sets together.
func (f Fingerprint) Plus(g Fingerprint) Fingerprint {
	low, carry := bits.Add64(f.Low, g.Low, 0)
	high, _ := bits.Add64(f.High, g.High, carry)
	return Fingerprint{high, low}
}

// String returns 32 hexadecimal digits.
func (f Fingerprint) String() string { return fmt.Sprintf("%016x%016x", f.High, f.Low) }

// Mix is a fingerprint that SQL can compute too, with nothing but sums and
// products of BIGINT, which wrap around at 64 bits in Java as they do in Go: over
// all rows, the sum of A·B and the sum of A·C, where A, B and C are sums of the
// row's numbers, each times its own constant. The products tie the numbers of a row
// together: two rows that swap values leave every plain sum unchanged. A changed row
// leaves both sums unchanged with a probability of about 2^-100, unless the change
// was made with the constants in mind.
type Mix struct{ AB, AC int64 }

// MixFactors are the constants of A, B and C: for seq, ts, the event time in
// milliseconds, and x, y and z in units of 10^-12 (cut to a whole number). They are
// odd numbers made of digits of pi.
var MixFactors = [3][6]int64{
	{0x243F6A8885A308D3, 0x13198A2E03707345, 0x24093822299F31D1, 0x082EFA98EC4E6C89, 0x452821E638D01377, 0x3E5466CF34E90C6D},
	{0x40AC29B7C97C50DD, 0x3F84D5B5B5470917, 0x1216D5D98979FB1B, 0x5131A2B6D1AA5E2B, 0x0F6D6FF383F44239, 0x2E0B4482A4842005},
	{0x69C8F04A9E1F9B5F, 0x21C66842F6E96C9B, 0x670C9C61ABD38803, 0x6A51A0D2D8542F69, 0x160FA7273C29E0A1, 0x2B3A8F45D3C70BE7},
}

// MixScale is the factor by which a Mix multiplies x, y and z.
const MixScale = 1e12

// Mix returns the Mix of one row.
func (r Row) Mix() Mix {
	numbers := [6]int64{r.Seq, r.TS, r.Time.UnixMilli(), cutLong(r.X), cutLong(r.Y), cutLong(r.Z)}
	var abc [3]int64
	for i, factors := range MixFactors {
		for j, factor := range factors {
			abc[i] += numbers[j] * factor
		}
	}
	return Mix{abc[0] * abc[1], abc[0] * abc[2]}
}

// cutLong converts as Java's cast to long does, also where the number is too large.
func cutLong(v float64) int64 {
	switch v *= MixScale; {
	case v >= math.MaxInt64:
		return math.MaxInt64
	case v <= math.MinInt64:
		return math.MinInt64
	}
	return int64(v)
}

// Plus returns the Mix of both sets together.
func (m Mix) Plus(n Mix) Mix { return Mix{m.AB + n.AB, m.AC + n.AC} }
