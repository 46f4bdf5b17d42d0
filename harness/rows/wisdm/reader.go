package wisdm

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
)

const (
	// maxLine is the longest line, in bytes without its end, that is read as a
	// row. The dataset's longest is under 80.
	maxLine = 4096
	// buffer is per file: the dataset has 204, which are read at the same time.
	buffer = 16 << 10
	// byteOrderMark is how some editors begin a file of UTF-8.
	byteOrderMark = "\ufeff"
)

// reader yields the rows of a file as they are stored.
type reader struct {
	file
	opt   Options
	of    *section      // if set, only its rows are read
	from  io.ReadCloser // nil before the first row and after the last
	lines *bufio.Reader
	line  int   // number of the last line read
	csv   bool  // the file began with a head
	row   Row   // what all rows of the file have
	err   error // for good
}

func newReader(f file, opt Options) *reader {
	return &reader{file: f, opt: opt, lines: bufio.NewReaderSize(nil, buffer), row: Row{
		Device: cmp.Or(f.device, opt.Device, "unknown"),
		Sensor: cmp.Or(f.sensor, opt.Sensor, "unknown"),
	}}
}

// Read returns the next row.
func (r *reader) Read() (Row, error) {
	for r.err == nil {
		line, whole, err := r.readLine()
		if err != nil {
			r.stop(err)
			break
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if r.line == 1 && isHead(line) {
			r.csv = true
			continue
		}
		if r.of != nil && !r.of.has(line) {
			continue
		}
		row := r.row
		bad := r.parse(line, whole, &row)
		if bad == nil {
			return row, nil
		}
		r.report(bad)
	}
	return Row{}, r.err
}

// parse returns what is wrong with a line. whole means that it had a line end.
func (r *reader) parse(line []byte, whole bool, row *Row) *fault {
	if len(line) > maxLine {
		return &fault{maxLine, fmt.Sprintf("the line is longer than %d bytes", maxLine), line}
	}
	if r.csv && !bytes.HasSuffix(line, []byte(";")) {
		line = append(bytes.ReplaceAll(line, []byte(`"`), nil), ';')
	}
	bad := parseLine(line, row)
	if bad == nil && r.subject >= 0 && row.Subject != r.subject {
		return &fault{0, fmt.Sprintf("the row is of another subject than its file, %d", r.subject), line}
	}
	if bad != nil && !whole && !bytes.HasSuffix(line, []byte(";")) {
		return &fault{len(line), "the file ends within this line", line}
	}
	return bad
}

func (r *reader) report(bad *fault) {
	e := &RowError{File: r.shown, Line: r.line, Column: bad.offset + 1, Reason: bad.reason, Text: excerpt(bad.text)}
	if r.opt.OnBad == nil {
		r.stop(e)
		return
	}
	r.opt.OnBad(e)
}

// readLine returns the next line, without its end, and whether it had one. Of an overlong
// line it returns the first part, which is longer than maxLine.
func (r *reader) readLine() (line []byte, whole bool, err error) {
	if r.from == nil {
		if err := r.begin(); err != nil {
			return nil, false, err
		}
	}
	line, err = r.lines.ReadSlice('\n')
	r.line++
	switch {
	case err == nil:
		return bytes.TrimSuffix(line[:len(line)-1], []byte("\r")), true, nil
	case errors.Is(err, bufio.ErrBufferFull):
		return r.skipLine(line)
	case errors.Is(err, io.EOF) && len(line) > 0:
		return line, false, nil
	case !errors.Is(err, io.EOF):
		err = fmt.Errorf("read %s after line %d: %w", r.shown, r.line-1, err)
	}
	return nil, false, err
}

// skipLine reads on to the line's end. It returns a copy of the beginning, as
// the buffer is used again.
func (r *reader) skipLine(line []byte) ([]byte, bool, error) {
	start := bytes.Clone(line[:maxLine+1])
	for {
		_, err := r.lines.ReadSlice('\n')
		switch {
		case err == nil || errors.Is(err, io.EOF):
			return start, err == nil, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, false, fmt.Errorf("read %s in line %d: %w", r.shown, r.line, err)
		}
	}
}

// begin opens the file.
func (r *reader) begin() error {
	from, err := r.open()
	if err != nil {
		return fmt.Errorf("open %s: %w", r.shown, err)
	}
	r.from = from
	r.lines.Reset(from)
	skipMark(r.lines)
	return nil
}

func skipMark(lines *bufio.Reader) {
	if start, _ := lines.Peek(len(byteOrderMark)); string(start) == byteOrderMark {
		lines.Discard(len(byteOrderMark))
	}
}

// finish closes the file where it is open.
func (r *reader) finish() error {
	if r.from == nil {
		return nil
	}
	err := r.from.Close()
	r.from = nil
	if err != nil {
		return fmt.Errorf("close %s: %w", r.shown, err)
	}
	return nil
}

// stop ends the reading for good, and closes the file, of which the dataset has many.
func (r *reader) stop(err error) {
	if closed := r.finish(); closed != nil && errors.Is(err, io.EOF) {
		err = closed // a row may be missing
	}
	r.err = err
}
