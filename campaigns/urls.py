"""Addresses of campaigns, runs and decisions."""

from django.urls import path

from campaigns.benefits import views as benefits
from campaigns.budgets import views as budgets
from campaigns.design.views import audience, drafts, inside, joint, newer, review, steps
from campaigns.design.views import touches as touching
from campaigns.effect import views as effect
from campaigns.eligibility import views as eligibility
from campaigns.era import views as era
from campaigns.flash.views import pages as flash
from campaigns.groups import views as groups
from campaigns.liability import views as liability
from campaigns.partners import views as partners
from campaigns.planning import views as planning
from campaigns.rewards import views as rewards
from campaigns.submission import views as submission
from campaigns.texts import views as texts
from campaigns.touches import views as touches
from campaigns.warnings import views as warnings
from campaigns.wording import views as wording

urlpatterns = [
    path("", planning.campaign_list, name="campaign_list"),
    path("versions/<int:version_id>/", planning.campaign_version, name="campaign_version"),
    path(
        "versions/<int:version_id>/disclosure/",
        planning.campaign_disclosure,
        name="campaign_disclosure",
    ),
    path("versions/<int:version_id>/submit/", submission.submit, name="campaign_submit"),
    path("versions/<int:version_id>/dry-run/", submission.dry_run, name="campaign_version_dry_run"),
    path("versions/<int:version_id>/touches/", touches.touch_page, name="touch_page"),
    path("versions/<int:version_id>/touches/part/", touches.touch_part, name="touch_part"),
    path("touches/inside/", inside.inside_list, name="inside_list"),
    path("touches/inside/counts/", inside.inside_counts, name="inside_counts"),
    path("customers/<str:number>/touches/", touches.customer_touches, name="customer_touches"),
    path("runs/<int:run_id>/", eligibility.run_page, name="run_page"),
    path("runs/<int:run_id>/progress/", eligibility.run_progress, name="run_progress"),
    path("runs/<int:run_id>/decisions/", eligibility.run_decisions, name="run_decisions"),
    path("runs/<int:run_id>/near/", eligibility.near_misses, name="near_misses"),
    path(
        "customers/<str:number>/receipts/", eligibility.customer_receipts, name="customer_receipts"
    ),
    path("call-offers/", eligibility.call_offers, name="call_offers"),
    path("decisions/<int:decision_id>/", eligibility.decision_page, name="decision_page"),
    path("evening/", eligibility.evening_start, name="evening_start"),
    path("era/", era.era_list, name="era_list"),
    path(
        "partnerships/<int:partnership_id>/returns/",
        partners.partnership_returns,
        name="partnership_returns",
    ),
    path("effects/", effect.effect_list, name="effect_list"),
    path(
        "partnerships/<int:partnership_id>/effects/",
        effect.partnership_effects,
        name="partnership_effects",
    ),
    path("warnings/", warnings.alert_list, name="alert_list"),
    path("warnings/about-me/", warnings.alerts_about_me, name="alerts_about_me"),
    path("warnings/about-me/<int:alert_id>/", warnings.alert_word, name="alert_word"),
    path("warnings/<int:alert_id>/", warnings.alert_page, name="alert_page"),
    path("warnings/<int:alert_id>/move/", warnings.alert_move, name="alert_move"),
    path("warnings/<int:alert_id>/decide/", warnings.alert_decide, name="alert_decide"),
    path("groups/", groups.group_list, name="group_list"),
    path("groups/new/", groups.group_new, name="group_new"),
    path("twice/", rewards.given_twice, name="given_twice"),
    path("twice/<slug:what>/<int:grant_id>/looked/", rewards.twice_looked, name="twice_looked"),
    path("twice/<int:grant_id>/claim/", rewards.claw_back_new, name="claw_back_new"),
    path("twice/claims/<int:claw_back_id>/", rewards.claw_back_page, name="claw_back_page"),
    path("breaking/", submission.breaking, name="campaigns_breaking"),
    path("texts/", texts.text_list, name="text_list"),
    path("texts/new/", texts.text_start, name="text_start"),
    path("texts/look/", texts.text_look, name="text_look"),
    path("texts/test/", texts.text_test, name="text_test"),
    path("texts/of/<str:key>/", texts.text_of, name="text_of"),
    path("texts/<int:text_id>/", texts.text_page, name="text_page"),
    path("texts/<int:text_id>/new/", texts.text_new, name="text_new"),
    path("texts/<int:text_id>/withdraw/", texts.text_withdraw, name="text_withdraw"),
    path("wording/", wording.wording_check, name="wording_check"),
    path("wording/decisions/", wording.wording_decisions, name="wording_decisions"),
    path("wording/decisions/new/", wording.wording_decide, name="wording_decide"),
    path("budgets/entries/", budgets.budget_ledger, name="budget_ledger"),
    path("design/", drafts.design_list, name="design_list"),
    path("design/new/", drafts.design_start, name="design_start"),
    path("design/choices/<slug:source>/", steps.design_choices, name="design_choices"),
    path("design/with/<int:partnership_id>/", joint.design_joint, name="design_joint"),
    path("design/waking/", drafts.design_waking, name="design_waking"),
    path("design/<int:draft_id>/basics/", steps.design_basics, name="design_basics"),
    path("design/<int:draft_id>/audience/", audience.design_audience, name="design_audience"),
    path("design/<int:draft_id>/rewards/", steps.design_rewards, name="design_rewards"),
    path("design/<int:draft_id>/budget/", steps.design_budget, name="design_budget"),
    path("design/<int:draft_id>/touches/", touching.design_touches, name="design_touches"),
    path("design/<int:draft_id>/touches/<int:number>/", touching.design_touch, name="design_touch"),
    path("design/<int:draft_id>/texts/", steps.design_texts, name="design_texts"),
    path("design/<int:draft_id>/review/", review.design_review, name="design_review"),
    path("design/<int:draft_id>/change/", audience.design_change, name="design_change"),
    path("design/<int:draft_id>/condition/", audience.design_condition, name="design_condition"),
    path("design/<int:draft_id>/count/", audience.design_count, name="design_count"),
    path("design/<int:draft_id>/words/", steps.design_words, name="design_words"),
    path("design/<int:draft_id>/effect/", review.design_effect, name="design_effect"),
    path("design/<int:draft_id>/file/", review.design_file, name="design_file"),
    path("design/<int:draft_id>/save/", drafts.design_save, name="design_save"),
    path("design/<int:draft_id>/newer/", newer.design_newer, name="design_newer"),
    path("design/<int:draft_id>/settle/", newer.design_settle, name="design_settle"),
    path("design/<int:draft_id>/discard/", drafts.design_discard, name="design_discard"),
    path("<slug:code>/near/", drafts.design_near, name="design_near"),
    path("<slug:code>/edit/", drafts.design_edit, name="design_edit"),
    path("<slug:code>/budget/", budgets.budget_page, name="budget_page"),
    path("<slug:code>/budget/state/", budgets.budget_state, name="budget_state"),
    path("<slug:code>/budget/outlook/", liability.liability_state, name="liability_state"),
    path("benefits/", benefits.benefit_list, name="benefit_list"),
    path("benefits/desk/", benefits.benefit_desk, name="benefit_desk"),
    path("benefits/desk/<str:number>/", benefits.benefit_customer, name="benefit_customer"),
    path("benefits/desk/use/<int:benefit_id>/", benefits.benefit_use, name="benefit_use"),
    path("benefits/desk/undo/<int:entry_id>/", benefits.benefit_undo, name="benefit_undo"),
    path("benefits/lost/", benefits.benefit_lost, name="benefit_lost"),
    path("benefits/lost/<int:row_id>/", benefits.benefit_settle, name="benefit_settle"),
    path("flash/", flash.flash_list, name="flash_list"),
    path("flash/<int:sale_id>/", flash.flash_page, name="flash_page"),
    path("flash/<int:sale_id>/figures/", flash.flash_figures, name="flash_figures"),
    path("flash/<int:sale_id>/claims/", flash.flash_claims, name="flash_claims"),
    path("<slug:code>/", planning.campaign_page, name="campaign_page"),
    path("<slug:code>/warnings/", warnings.campaign_alerts, name="campaign_alerts"),
    path("<slug:code>/flash/", flash.flash_new, name="flash_new"),
    path("<slug:code>/stop/", planning.stop, name="campaign_stop"),
    path("<slug:code>/runs/", eligibility.campaign_runs, name="campaign_runs"),
    path(
        "<slug:code>/runs/preview/",
        eligibility.run_start,
        {"kind": "preview"},
        name="run_start_preview",
    ),
    path(
        "<slug:code>/runs/dry-run/",
        eligibility.run_start,
        {"kind": "dry_run"},
        name="run_start_dry_run",
    ),
    path(
        "<slug:code>/runs/back-test/",
        eligibility.run_start,
        {"kind": "back_test"},
        name="run_start_back_test",
    ),
    path("<slug:code>/runs/live/", eligibility.run_start, {"kind": "live"}, name="run_start_live"),
]
