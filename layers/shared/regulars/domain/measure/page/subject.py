"""What a report is about, in the words of its campaign."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.run import Run
from regulars.domain.measure.figures import Metric
from regulars.domain.measure.page.parts import Content, name, paragraph
from regulars.domain.measure.wording import length


@dataclass(frozen=True)
class Subject:
    campaign: Campaign
    run: Run

    @property
    def title(self) -> str:
        return self.campaign.name or self.campaign.id

    def measured(self, metric: Metric) -> str:
        return "Extra people who reached the goal, of every 100" if metric == "conversion" else "Extra value a head"

    def of_metric(self, metric: Metric) -> Sequence[Content]:
        """What is counted."""
        goal = self.campaign.goal
        if goal is None:
            return []
        if metric == "conversion":
            return [paragraph("Who did ", name(goal.event), f" within {length(goal.within)}, whether or not the message reached them.")]
        return [paragraph("The sum of ", name(".".join(goal.value)), " of each person's ", name(goal.event), "; whoever has none counts as 0.")]
