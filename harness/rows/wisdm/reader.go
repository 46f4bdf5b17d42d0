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

// reader yields the rows of files, one after the other, as they are stored.
type reader struct {
	list  *listing
	opt   Options
	of    *section // if set, only its rows are read
	next  int      // of list.files
	now   file
	from  io.ReadCloser // nil between files
	lines *bufio.Reader
	line  int   // number of the last line read
	csv   bool  // the file began with a head
	row   Row   // what all rows of the file have
	err   error // for good
}

func newReader(list *listing, opt Options) *reader {
	return &reader{list: list, opt: opt, lines: bufio.NewReaderSize(nil, buffer)}
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
	if bad == nil && r.now.subject >= 0 && row.Subject != r.now.subject {
		return &fault{0, fmt.Sprintf("the row is of another subject than its file, %d", r.now.subject), line}
	}
	if bad != nil && !whole && !bytes.HasSuffix(line, []byte(";")) {
		return &fault{len(line), "the file ends within this line", line}
	}
	return bad
}

func (r *reader) report(bad *fault) {
	e := &RowError{File: r.now.shown, Line: r.line, Column: bad.offset + 1, Reason: bad.reason, Text: excerpt(bad.text)}
	if r.opt.OnBad == nil {
		r.stop(e)
		return
	}
	r.opt.OnBad(e)
}

// readLine returns the next line of any file, without its end, and whether it
// had one. Of an overlong line it returns the first part, which is longer than
// maxLine.
func (r *reader) readLine() (line []byte, whole bool, err error) {
	for {
		if r.from == nil {
			if err := r.advance(); err != nil {
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
			return nil, false, fmt.Errorf("read %s after line %d: %w", r.now.shown, r.line-1, err)
		}
		if err := r.finish(); err != nil {
			return nil, false, err
		}
	}
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
			return nil, false, fmt.Errorf("read %s in line %d: %w", r.now.shown, r.line, err)
		}
	}
}

// advance opens the next file.
func (r *reader) advance() error {
	if r.next == len(r.list.files) {
		return io.EOF
	}
	r.now = r.list.files[r.next]
	from, err := r.now.open()
	if err != nil {
		return fmt.Errorf("open %s: %w", r.now.shown, err)
	}
	r.from, r.line, r.csv = from, 0, false
	r.next++
	r.lines.Reset(from)
	skipMark(r.lines)
	r.row = Row{
		Device: cmp.Or(r.now.device, r.opt.Device, "unknown"),
		Sensor: cmp.Or(r.now.sensor, r.opt.Sensor, "unknown"),
	}
	return nil
}

func skipMark(lines *bufio.Reader) {
	if start, _ := lines.Peek(len(byteOrderMark)); string(start) == byteOrderMark {
		lines.Discard(len(byteOrderMark))
	}
}

// finish closes the file that is being read.
func (r *reader) finish() error {
	if r.from == nil {
		return nil
	}
	err := r.from.Close()
	r.from = nil
	if err != nil {
		return fmt.Errorf("close %s: %w", r.now.shown, err)
	}
	return nil
}

// stop ends the reading for good, and closes files and archives, since a caller may
// never call Close.
func (r *reader) stop(err error) {
	if closed := errors.Join(r.finish(), r.list.close()); closed != nil && errors.Is(err, io.EOF) {
		err = closed // a row may be missing
	}
	r.err = err
}

// Close closes the files. Further reading is an error.
func (r *reader) Close() error {
	err := errors.Join(r.finish(), r.list.close())
	if r.err == nil {
		r.err = fmt.Errorf("read %s: the source is closed", r.now.shown)
	}
	return err
}
