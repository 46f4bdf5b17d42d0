package wisdm

import (
	"runtime"
	"testing"
)

// heapOf returns the most memory, in bytes, that was in use on the heap while n
// rows were summed up twice: by a ledger, and by a track and a tally that compare
// with it.
func heapOf(t *testing.T, n int64) uint64 {
	t.Helper()
	var most uint64
	look := func() {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapInuse)
	}
	ledger, err := ReadLedger(t.Context(), Generator{Seed: 1, Rows: n}, DefaultBase, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	look()
	track, tally, seen := ledger.Track(), NewTally(), int64(0)
	err = ledger.Each(t.Context(), func(r Row) error {
		track.Add(r)
		tally.Add(r)
		if seen++; seen%(n/4) == 0 {
			look()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	diff, err := track.Check(t.Context())
	if diff != nil || err != nil || len(ledger.Differing(tally)) > 0 {
		t.Fatalf("the rows themselves differ: %v, %v", diff, err)
	}
	runtime.KeepAlive(tally)
	return most
}

// TestMemoryStaysFlat: ten times the rows, of as many groups, take the same
// memory. An oracle would keep some 150 bytes of each.
func TestMemoryStaysFlat(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because it reads millions of rows")
	}
	const limit = 32 << 20
	small, large := heapOf(t, 200_000), heapOf(t, 2_000_000)
	t.Logf("heap in use: %d KiB with 200,000 rows, %d KiB with 2,000,000", small>>10, large>>10)
	if large > limit || large > small+small/2+(1<<20) {
		t.Errorf("heap in use: %d KiB with 200,000 rows, %d KiB with 2,000,000; want no more, and at most %d", small>>10, large>>10, limit>>10)
	}
}
