package wisdm

import (
	"bufio"
	"bytes"
	"io"
	"testing"
)

const benchRows = 100_000

func benchText(b *testing.B) []byte {
	b.Helper()
	src, err := Generator{Seed: 1, Rows: benchRows, Subjects: 4}.Open()
	if err != nil {
		b.Fatal(err)
	}
	var text bytes.Buffer
	if _, err := WriteRaw(&text, src); err != nil {
		b.Fatal(err)
	}
	return text.Bytes()
}

func perRow(b *testing.B) {
	b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportAllocs()
}

// readBench reads all rows, of which there must be benchRows.
func readBench(b *testing.B, src Source) {
	for n := 0; ; n++ {
		if _, err := src.Read(); err == io.EOF && n == benchRows {
			return
		} else if err != nil {
			b.Fatal(n, err)
		}
	}
}

func BenchmarkReader(b *testing.B) {
	text := benchText(b)
	for b.Loop() {
		readBench(b, newReader(fileOf("rows.txt", bytes.NewReader(text)), Options{}))
	}
	perRow(b)
}

// BenchmarkScanner is what reading the same lines takes without parsing them.
func BenchmarkScanner(b *testing.B) {
	text := benchText(b)
	for b.Loop() {
		lines, n := bufio.NewScanner(bytes.NewReader(text)), 0
		for lines.Scan() {
			n++
		}
		if n != benchRows {
			b.Fatal(n)
		}
	}
	perRow(b)
}

func BenchmarkGenerator(b *testing.B) {
	for b.Loop() {
		src, err := Generator{Seed: 1, Rows: benchRows}.Open()
		if err != nil {
			b.Fatal(err)
		}
		if n, err := WriteRaw(io.Discard, src); n != benchRows || err != nil {
			b.Fatal(n, err)
		}
	}
	perRow(b)
}

// BenchmarkMerge reads a folder of as many files as the dataset has, in the order of
// event time and file by file.
func BenchmarkMerge(b *testing.B) {
	folder := b.TempDir()
	src, err := Generator{Seed: 1, Rows: benchRows, Subjects: 51}.Open()
	if err != nil {
		b.Fatal(err)
	}
	if _, err := WriteDataset(folder, src); err != nil {
		b.Fatal(err)
	}
	input, err := Open(folder, Options{})
	if err != nil {
		b.Fatal(err)
	}
	read := func(b *testing.B, open func() (Source, error)) {
		for b.Loop() {
			src, err := open()
			if err != nil {
				b.Fatal(err)
			}
			readBench(b, Placed(src, DefaultBase))
		}
		perRow(b)
	}
	b.Run("merged", func(b *testing.B) { read(b, input.Open) })
	b.Run("file by file", func(b *testing.B) {
		read(b, func() (Source, error) {
			p, err := input.(interface{ parts() (parts, error) }).parts()
			return &chain{parts: p}, err
		})
	})
}
