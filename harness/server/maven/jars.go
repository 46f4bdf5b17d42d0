package maven

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"time"

	"hoplab.example/fixtures"
)

// fetchTimeout is for one jar.
const fetchTimeout = 10 * time.Minute

// fetch brings the jars of a list into dir, without mvn and Java: from the local
// repository, or by HTTP from the one that the user's settings name. Each must have the
// sum that is kept with it.
func fetch(ctx context.Context, dir string, jars []fixtures.Jar, total int64, report func(Progress)) error {
	home, err := os.UserHomeDir()
	if err != nil {
		return err
	}
	from, err := userRepository(home)
	if err != nil {
		return err
	}
	report(Progress{Total: total})
	var done int64
	for _, jar := range jars {
		text, err := from.jar(ctx, jar)
		if err != nil {
			return fmt.Errorf("fetch %s without mvn: %w", path.Base(jar.Path), err)
		}
		if err := os.WriteFile(filepath.Join(dir, path.Base(jar.Path)), text, 0o644); err != nil {
			return err
		}
		done += int64(len(text))
		report(Progress{Done: done, Total: max(total, done)})
	}
	return nil
}

func (r repository) jar(ctx context.Context, jar fixtures.Jar) ([]byte, error) {
	if text, err := os.ReadFile(filepath.Join(r.Local, filepath.FromSlash(jar.Path))); err == nil && sumOf(text) == jar.Sum {
		return text, nil
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL+"/"+jar.Path, nil)
	if err != nil {
		return nil, err
	}
	res, err := r.client().Do(r.request(req))
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET %s: %s", req.URL.Redacted(), res.Status)
	}
	var text bytes.Buffer
	if _, err := io.Copy(&text, res.Body); err != nil {
		return nil, fmt.Errorf("GET %s: %w", req.URL.Redacted(), err)
	}
	if sum := sumOf(text.Bytes()); sum != jar.Sum {
		return nil, &SumError{Want: jar.Sum, Got: sum}
	}
	return text.Bytes(), nil
}

func sumOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
