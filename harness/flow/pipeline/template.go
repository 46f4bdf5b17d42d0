package pipeline

import (
	"context"
	"fmt"
	"time"
)

const (
	templateLimit = 30 * time.Second
	templateFile  = "index-template.json" // of lab 4
)

// PutTemplate puts lab 4's index template, which must be there before the index
// is: a mapping can't be changed.
func (p Pipeline) PutTemplate(ctx context.Context) error {
	label, text, err := p.filled(lab4, templateFile)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, templateLimit)
	defer cancel()
	if err := p.ElasticClient().PutTemplate(ctx, p.Names.Index, []byte(text)); err != nil {
		return fmt.Errorf("put %s: %w", label, err)
	}
	return nil
}
