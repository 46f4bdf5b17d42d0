package superset

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"mime/multipart"
	"net/http"
	"strings"

	"hoplab.example/harness/util/httpjson"
)

// Zip packs an export as Superset imports it, within one folder, with the SQL engine's
// host:port in place of ${engine}.
func Zip(export fs.FS, engine string) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	err := fs.WalkDir(export, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(export, path)
		if err != nil {
			return err
		}
		file, err := archive.Create("hoplab/" + path)
		if err != nil {
			return err
		}
		_, err = file.Write([]byte(strings.ReplaceAll(string(text), "${engine}", engine)))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("pack the dashboard: %w", err)
	}
	err = archive.Close()
	return out.Bytes(), err
}

// Import imports an export of dashboards, with what they need. What has the same UUIDs
// is replaced.
func (c *Client) Import(ctx context.Context, zipped []byte) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("formData", "dashboards.zip")
	if err != nil {
		return err
	}
	part.Write(zipped) // into memory
	form.WriteField("overwrite", "true")
	form.Close()
	var answer struct{ Message string }
	err = c.send(ctx, httpjson.Request{
		Method: http.MethodPost, URL: "/api/v1/dashboard/import/", Body: body.Bytes(), Header: http.Header{"Content-Type": {form.FormDataContentType()}},
	}, &answer)
	if err == nil && answer.Message != "OK" {
		err = fmt.Errorf("it answers %q, want OK", answer.Message)
	}
	if err != nil {
		return fmt.Errorf("import the dashboard into Superset: %w", err)
	}
	return nil
}
