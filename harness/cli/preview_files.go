package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"hoplab.example/harness/view/preview"
)

// writePreview writes the page and the pictures that are wanted beside it, and
// returns their paths, the page's first.
func writePreview(out string, o previewOptions, drawn []preview.Dashboard) ([]string, error) {
	page, dir := filepath.Join(out, "preview.html"), out
	if strings.EqualFold(filepath.Ext(out), ".html") {
		page, dir = out, filepath.Dir(out)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make a folder for the preview: %w", err)
	}
	var text bytes.Buffer
	if err := preview.HTML(&text, drawn); err != nil {
		return nil, err
	}
	if err := os.WriteFile(page, text.Bytes(), 0o644); err != nil {
		return nil, fmt.Errorf("write the preview: %w", err)
	}
	written := []string{page}
	for _, d := range drawn {
		for _, p := range d.Panels {
			paths, err := writePictures(dir, o, p)
			if err != nil {
				return nil, err
			}
			written = append(written, paths...)
		}
	}
	return written, nil
}

func writePictures(dir string, o previewOptions, p preview.Drawn) (paths []string, err error) {
	for _, kind := range []struct {
		wanted    bool
		extension string
		draw      func(preview.Drawn) ([]byte, error)
	}{{o.svg, ".svg", preview.SVG}, {o.png, ".png", preview.PNG}} {
		if !kind.wanted {
			continue
		}
		picture, err := kind.draw(p)
		if err != nil {
			return nil, err
		}
		path := filepath.Join(dir, preview.FileName(p.Panel, kind.extension))
		if err := os.WriteFile(path, picture, 0o644); err != nil {
			return nil, fmt.Errorf("write a picture of %s: %w", p.Panel, err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// The JSON of --json. A value that isn't there is null.
type (
	previewJSON struct {
		Written []string    `json:"written"`
		Panels  []panelJSON `json:"panels"`
	}
	panelJSON struct {
		File     string      `json:"file"`
		ID       string      `json:"id"`
		Title    string      `json:"title"`
		Index    string      `json:"index"`
		Checked  bool        `json:"checked"`
		Problems []string    `json:"problems"`
		Metrics  []string    `json:"metrics"`
		Points   []pointJSON `json:"points"`
	}
	pointJSON struct {
		Keys   []string   `json:"keys"`
		Rows   int64      `json:"rows"`
		Values []*float64 `json:"values"`
	}
)

func printPreview(out io.Writer, written []string, drawn []preview.Dashboard) error {
	all := previewJSON{Written: written}
	for _, d := range drawn {
		for _, p := range d.Panels {
			all.Panels = append(all.Panels, toJSON(p))
		}
	}
	return json.NewEncoder(out).Encode(all)
}

func toJSON(d preview.Drawn) panelJSON {
	p := panelJSON{File: d.Panel.File, ID: d.Panel.ID, Title: d.Panel.Title, Index: d.Panel.View.Index, Checked: d.Checked, Problems: d.Problems}
	for _, m := range d.Panel.Metrics {
		p.Metrics = append(p.Metrics, m.Name())
	}
	for _, point := range d.Table {
		one := pointJSON{Keys: point.Keys, Rows: point.Count}
		for _, v := range point.Values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				one.Values = append(one.Values, nil)
			} else {
				one.Values = append(one.Values, &v)
			}
		}
		p.Points = append(p.Points, one)
	}
	return p
}
