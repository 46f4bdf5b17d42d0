package preview

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look at both, then -update rewrites it", path)
	}
}

func TestPictures(t *testing.T) {
	for _, d := range drawn(t) {
		t.Run(d.Panel.ID, func(t *testing.T) {
			svg, err := SVG(d)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, FileName(d.Panel, ".svg"), svg)
			wellFormed(t, svg)
			first, err := PNG(d)
			if err != nil {
				t.Fatal(err)
			}
			second, err := PNG(d)
			if err != nil || !bytes.Equal(first, second) {
				t.Errorf("the second PNG is another one; error %v", err)
			}
			colourful(t, first, 2*int(pictureWidth), 2*int(pictureHeight))
			if len(svg) > 150_000 || len(first) > 150_000 {
				t.Errorf("%d and %d bytes: too many for a README", len(svg), len(first))
			}
		})
	}
}

func wellFormed(t *testing.T, text []byte) {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(text))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("no XML: %v", err)
		}
		if start, ok := token.(xml.StartElement); ok && slices.Contains([]string{"script", "foreignObject", "image", "a", "use"}, start.Name.Local) {
			t.Errorf("it has the element %s", start.Name.Local)
		}
	}
}

// colourful fails the test where a picture is blank, or of another size.
func colourful(t *testing.T, text []byte, width, height int) {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	size := picture.Bounds()
	if size.Dx() != width || size.Dy() < height {
		t.Errorf("%d × %d pixels, want %d × at least %d", size.Dx(), size.Dy(), width, height)
	}
	seen := map[[3]uint32]int{}
	for y := size.Min.Y; y < size.Max.Y; y += 2 {
		for x := size.Min.X; x < size.Max.X; x += 2 {
			r, g, b, _ := picture.At(x, y).RGBA()
			seen[[3]uint32{r, g, b}]++
		}
	}
	if len(seen) < 10 {
		t.Errorf("only %d colours", len(seen))
	}
}
