/** Whether the page is shown on a phone, where lists are cards and buttons are large. */

const query = matchMedia("(max-width: 760px)");
const seen = $state({ phone: query.matches });
query.addEventListener("change", () => (seen.phone = query.matches));

export const media = {
  get phone() {
    return seen.phone;
  },
};
