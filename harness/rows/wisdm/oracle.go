package wisdm

import (
	"context"
	"fmt"
	"time"
)

// Expected is what every hop must hold: a *Ledger, or an *Oracle, which keeps the
// rows too.
type Expected interface{ Sums() *Ledger }

// Oracle is a Ledger that also keeps all rows, some 130 bytes each.
type Oracle struct {
	*Ledger
	*RowSet
}

// ReadOracle reads at most max rows (0: all) of input, with their event times
// on base. It is an error if there is no row, as nothing could fail then, or
// if two rows have the same ID.
func ReadOracle(input Input, base time.Time, max int64) (*Oracle, error) {
	set := newRowSet()
	ledger, err := readLedger(context.Background(), input, base, max, func(row Row) error {
		if err := set.add(row); err != nil {
			return fmt.Errorf("row %d of %s: %w", set.Count()+1, input.Name(), err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	ledger.kept = set.rows
	return &Oracle{ledger, set}, nil
}

// Count returns how many rows there are.
func (o *Oracle) Count() int64 { return o.RowSet.Count() }
