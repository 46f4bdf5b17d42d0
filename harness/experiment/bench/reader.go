package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"hoplab.example/harness/rows/wisdm"
)

// Reader compares the rows/s of wisdm's reader with those of `wc -l` and of a
// bufio.Scanner that looks at nothing, on one file of generated rows in dir.
func Reader(ctx context.Context, dir string, rows int64, runs int) ([]Figure, error) {
	path := filepath.Join(dir, "data_1600_accel_watch.txt")
	if err := writeRows(path, rows); err != nil {
		return nil, err
	}
	defer os.Remove(path)
	var againstWC, againstScan []pair
	for range runs {
		var rates [3]float64
		for i, read := range []func(context.Context, string) error{readRows, countLines, scanLines} {
			began := time.Now()
			if err := read(ctx, path); err != nil {
				return nil, err
			}
			rates[i] = float64(rows) / time.Since(began).Seconds()
		}
		againstWC = append(againstWC, pair{rates[0], rates[1]})
		againstScan = append(againstScan, pair{rates[0], rates[2]})
	}
	return []Figure{
		informative(compare("reader / wc -l", "rows/s", againstWC, 0, false)),
		informative(compare("reader / bufio.Scanner", "rows/s", againstScan, 0, false)),
	}, nil
}

func writeRows(path string, rows int64) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	// One subject and stream, since the file's name says which.
	source, err := wisdm.Generator{Seed: 1, Subjects: 1, Devices: []string{"watch"}, Sensors: []string{"accel"}}.Open()
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(file, 1<<20)
	var line []byte
	var kept []wisdm.Row
	for {
		row, err := source.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		kept = append(kept, row)
	}
	for n := range rows {
		line = wisdm.AppendRaw(line[:0], kept[n%int64(len(kept))])
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return out.Flush()
}

func readRows(ctx context.Context, path string) error {
	input, err := wisdm.Open(path, wisdm.Options{})
	if err != nil {
		return err
	}
	source, err := input.Open()
	if err != nil {
		return err
	}
	if closer, ok := source.(io.Closer); ok {
		defer closer.Close()
	}
	for ctx.Err() == nil {
		if _, err := source.Read(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}

func countLines(ctx context.Context, path string) error {
	if err := exec.CommandContext(ctx, "wc", "-l", path).Run(); err != nil {
		return fmt.Errorf("wc -l: %w", err)
	}
	return nil
}

func scanLines(_ context.Context, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
	}
	return lines.Err()
}
