package wisdm

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// AppendRaw appends r to dst as the dataset writes it, with a line end:
//
//	1600,A,252207666810782,-0.36476135,8.793503,1.0550842;
//
// Device and sensor are in the name of the file; see [WriteDataset].
func AppendRaw(dst []byte, r Row) []byte {
	dst = strconv.AppendInt(dst, int64(r.Subject), 10)
	dst = append(dst, ',')
	dst = append(dst, r.Activity...)
	dst = append(dst, ',')
	dst = strconv.AppendInt(dst, r.TS, 10)
	for _, value := range [...]float64{r.X, r.Y, r.Z} {
		dst = appendValue(append(dst, ','), value)
	}
	return append(dst, ";\n"...)
}

// appendValue writes a number as Java does, which the dataset was recorded with: the
// shortest digits that identify it, such as 8.793503, 5.0 or 1.496376E-4.
func appendValue(dst []byte, value float64) []byte {
	start := len(dst)
	if size := math.Abs(value); size == 0 || size >= 1e-3 && size < 1e7 {
		dst = strconv.AppendFloat(dst, value, 'f', -1, 64)
		if bytes.IndexByte(dst[start:], '.') < 0 {
			dst = append(dst, ".0"...)
		}
		return dst
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(value, 'E', -1, 64), "E")
	dst = append(dst, digits...)
	if !strings.Contains(digits, ".") {
		dst = append(dst, ".0"...)
	}
	power, _ := strconv.Atoi(exponent) // without the + and the leading zero
	return strconv.AppendInt(append(dst, 'E'), int64(power), 10)
}

// WriteRaw writes the rows of src to w as AppendRaw does, and returns how many
// were written. It doesn't close src.
func WriteRaw(w io.Writer, src Source) (int64, error) {
	out := bufio.NewWriterSize(w, buffer)
	var line []byte
	for n := int64(0); ; n++ {
		row, err := src.Read()
		if errors.Is(err, io.EOF) {
			return n, out.Flush()
		}
		if err != nil {
			return n, errors.Join(err, out.Flush())
		}
		line = AppendRaw(line[:0], row)
		if _, err := out.Write(line); err != nil {
			return n, fmt.Errorf("write raw row %d: %w", n+1, err)
		}
	}
}

// WriteDataset writes the rows of src into folder as the dataset is laid out,
// one file a stream, such as raw/watch/accel/data_1600_accel_watch.txt, and
// returns how many were written. A file that exists already is an error. It doesn't
// close src.
func WriteDataset(folder string, src Source) (n int64, err error) {
	files := map[Stream]*datasetFile{}
	defer func() {
		for _, f := range files {
			err = errors.Join(err, f.Flush(), f.file.Close())
		}
	}()
	var line []byte
	for ; ; n++ {
		row, err := src.Read()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		f := files[row.Stream()]
		if f == nil {
			if f, err = createIn(folder, row.Stream()); err != nil {
				return n, err
			}
			files[row.Stream()] = f
		}
		line = AppendRaw(line[:0], row)
		if _, err := f.Write(line); err != nil {
			return n, err // it names the file
		}
	}
}

// datasetFile is one of the dataset's 204.
type datasetFile struct {
	*bufio.Writer
	file *os.File
}

func createIn(folder string, s Stream) (*datasetFile, error) {
	name := filepath.Join(folder, "raw", s.Device, s.Sensor, fmt.Sprintf("data_%d_%s_%s.txt", s.Subject, s.Sensor, s.Device))
	if !wanted(filepath.ToSlash(name)) {
		return nil, fmt.Errorf("write the rows of subject %d: %q isn't a file name of the dataset, %s", s.Subject, filepath.Base(name), wantedNames)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return nil, err
	}
	// Rows of an earlier writing would mix with these.
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	return &datasetFile{bufio.NewWriterSize(file, buffer), file}, nil
}
