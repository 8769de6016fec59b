package text

import (
	"fmt"
	"time"
)

// Took writes a duration as people read a clock: 0:42, 12:05, 1:02:03. It looks the same in every language.
func Took(d time.Duration) string {
	s := int(d.Round(time.Second) / time.Second)
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}
